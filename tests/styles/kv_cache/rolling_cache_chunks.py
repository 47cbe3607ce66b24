"""A rolling KV cache that cuts a chunk into pieces, so that none overwrites what it needs."""

import torch


class RollingCache:
    """Sliding-window attention from rings of the last tokens."""

    def __init__(self, layers, batch, kv_heads, window, head_dim, dtype=torch.float32):
        self.keys = torch.zeros((layers, batch, kv_heads, window, head_dim), dtype=dtype)
        self.values = torch.zeros((layers, batch, kv_heads, window, head_dim), dtype=dtype)
        # Which token stands at each place; -1 for none.
        self.tokens = torch.full((layers, window), -1)

    def attend(self, layer, q, k, v):
        """The output for new tokens, at most W of them at once."""
        pieces = (part.split(self.keys.shape[3], dim=2) for part in (q, k, v))
        outputs = [self._piece(layer, *piece) for piece in zip(*pieces, strict=True)]
        return torch.cat(outputs, dim=2)

    def _piece(self, layer, q, k, v):
        window = self.keys.shape[3]
        start = int(self.tokens[layer].max()) + 1
        new = torch.arange(start, start + q.shape[2])
        token = torch.cat([self.tokens[layer], new])
        seen = (token >= 0) & (token <= new[:, None]) & (token > new[:, None] - window)
        keys = torch.cat([self.keys[layer], k], dim=2)
        values = torch.cat([self.values[layer], v], dim=2)
        grouped = q.unflatten(1, (k.shape[1], -1)).double()
        scores = torch.einsum("bkgtd,bksd->bkgts", grouped, keys.double()) / q.shape[3] ** 0.5
        weights = scores.masked_fill(~seen, -torch.inf).softmax(dim=-1)
        output = torch.einsum("bkgts,bksd->bkgtd", weights, values.double()).flatten(1, 2)
        self.keys[layer].index_copy_(2, new % window, k)
        self.values[layer].index_copy_(2, new % window, v)
        self.tokens[layer, new % window] = new
        return output.to(q.dtype)
