"""Flash attention in float64 inside, with buffers that are changed in place."""

import math

import torch


@torch.no_grad()
def flash(q, k, v, block=64):
    """Every tile of a row of tiles, with its mask, up to the diagonal."""
    if not block >= 1:
        raise ValueError("a tile needs a size")
    output = torch.zeros(q.shape, dtype=torch.float64)
    length = q.size(2)
    for i in range(math.ceil(length / block)):
        rows = slice(i * block, (i + 1) * block)
        asked = q[:, :, rows].double()
        peak = torch.full(asked.shape[:3], -math.inf, dtype=torch.float64)
        total = torch.zeros_like(peak)
        mix = output[:, :, rows]
        for j in range(i + 1):
            columns = slice(j * block, (j + 1) * block)
            scores = asked @ k[:, :, columns].double().transpose(2, 3)
            scores /= math.sqrt(q.size(3))
            if i == j:
                scores += torch.full(scores.shape[2:], -math.inf, dtype=torch.float64).triu(1)
            higher = torch.maximum(peak, scores.amax(dim=3))
            shrink = (peak - higher).exp_()
            weights = scores.sub_(higher.unsqueeze(3)).exp_()
            total.mul_(shrink).add_(weights.sum(dim=3))
            mix.mul_(shrink.unsqueeze(3)).add_(weights @ v[:, :, columns].double())
            peak = higher
        mix.div_(total.unsqueeze(3))
    return output.to(q.dtype)
