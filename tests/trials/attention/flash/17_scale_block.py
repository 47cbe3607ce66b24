# wrong: divided by the root of the tile's number of keys | violates: p_ij = softmax over those j of (q_i . k_j / sqrt(D))
"""FlashAttention: causal attention tile by tile, without the full table of scores."""

import math

import torch


def _scores(q: torch.Tensor, k: torch.Tensor, rows: range, columns: range) -> torch.Tensor:
    """Return the masked scores of one tile."""
    tile = torch.matmul(q[:, :, rows.start : rows.stop], k[:, :, columns.start : columns.stop].mT)
    tile.div_(math.sqrt(len(columns)))
    for r, i in enumerate(rows):
        visible = min(max(i + 1 - columns.start, 0), len(columns))
        tile[:, :, r, visible:] = -torch.inf
    return tile


def flash(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, block: int = 64) -> torch.Tensor:
    """Compute causal attention one tile of scores at a time."""
    if not block >= 1:
        raise ValueError("block too small")
    q, k, v = q.detach(), k.detach(), v.detach()
    T = q.size(2)
    result = torch.zeros(q.shape, dtype=q.dtype, device=q.device)
    cuts = [range(first, min(first + block, T)) for first in range(0, T, block)]
    for number, rows in enumerate(cuts):
        past = cuts[: number + 1]
        # First pass: maximum and denominator.
        peak = result.new_full((*q.shape[:2], len(rows), 1), -torch.inf)
        norm = torch.zeros_like(peak)
        for columns in past:
            tile = _scores(q, k, rows, columns)
            higher = torch.maximum(peak, tile.amax(-1, keepdim=True))
            norm = norm * (peak - higher).exp() + (tile - higher).exp().sum(-1, keepdim=True)
            peak = higher
        # Second pass: the finished weights, tile by tile.
        for columns in past:
            weights = (_scores(q, k, rows, columns) - peak).exp() / norm
            result[:, :, rows.start : rows.stop] += weights @ v[:, :, columns.start : columns.stop]
    return result
