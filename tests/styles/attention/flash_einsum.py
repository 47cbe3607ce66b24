"""Flash attention by einsum, whose running output is a mean already and is blended with each tile.

Peak and total are kept as one number, the logarithm of the sum of exponentials.
"""

import torch


def flash(q, k, v, block=64):
    """Blend each tile's own attention with what was read before it."""
    if block < 1:
        raise ValueError("a tile needs a size")
    length, scale = q.shape[2], q.shape[3] ** -0.5
    outputs = []
    for start in range(0, length, block):
        stop = min(start + block, length)
        places = torch.arange(start, stop)
        read, size = None, None
        for left in range(0, stop, block):
            right = min(left + block, stop)
            scores = torch.einsum("bhtd,bhsd->bhts", q[:, :, start:stop], k[:, :, left:right])
            hidden = torch.arange(left, right)[None, :] > places[:, None]
            scores = (scores * scale).masked_fill(hidden, float("-inf"))
            own = torch.logsumexp(scores, dim=-1, keepdim=True)
            tile = torch.einsum("bhts,bhsd->bhtd", (scores - own).exp(), v[:, :, left:right])
            if read is None:
                read, size = tile, own
            else:
                both = torch.logaddexp(size, own)
                read = read * (size - both).exp() + tile * (own - both).exp()
                size = both
        outputs.append(read)
    return torch.cat(outputs, dim=2)
