# right: two loops over slices
"""FlashAttention: causal attention tile by tile, without the full table of scores."""

import math

import torch


def flash(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, block: int = 64) -> torch.Tensor:
    """Compute causal attention one tile of scores at a time."""
    if block < 1:
        raise ValueError("block must be at least 1")
    length, dim = q.shape[-2:]
    output = torch.empty_like(q)
    for start in range(0, length, block):
        stop = min(start + block, length)
        queries = q[:, :, start:stop]
        rows = torch.arange(start, stop, device=q.device)[:, None]
        top = torch.full_like(queries[..., :1], -math.inf)
        total = torch.zeros_like(top)
        mixed = torch.zeros_like(queries)
        for left in range(0, stop, block):
            right = min(left + block, length)
            scores = queries @ k[:, :, left:right].transpose(-2, -1) / math.sqrt(dim)
            columns = torch.arange(left, right, device=q.device)[None, :]
            scores = scores.masked_fill(columns > rows, -math.inf)
            new_top = torch.maximum(top, scores.amax(dim=-1, keepdim=True))
            weights = torch.exp(scores - new_top)
            factor = torch.exp(top - new_top)
            total = total * factor + weights.sum(dim=-1, keepdim=True)
            mixed = mixed * factor + weights @ v[:, :, left:right]
            top = new_top
        output[:, :, start:stop] = mixed / total
    return output
