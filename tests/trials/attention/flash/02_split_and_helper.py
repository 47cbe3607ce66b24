# right: split, einsum, a helper for the state, mask only on the diagonal
"""FlashAttention: causal attention tile by tile, without the full table of scores."""

import math

import torch


def _update(state, s, v_tile):
    """Add one tile of scores to the running maximum, denominator and accumulator."""
    m, l, a = state
    m_new = torch.max(m, s.max(dim=-1).values)
    correction = (m - m_new).exp()
    p = (s - m_new.unsqueeze(-1)).exp()
    l_new = l * correction + p.sum(-1)
    a_new = a * correction.unsqueeze(-1) + torch.einsum("bhij,bhjd->bhid", p, v_tile)
    return m_new, l_new, a_new


def flash(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, block: int = 64) -> torch.Tensor:
    """Compute causal attention one tile of scores at a time."""
    if block < 1:
        raise ValueError(f"block is {block}")
    B, H, T, D = q.shape
    scale = 1.0 / math.sqrt(D)
    results = []
    for i, q_tile in enumerate(q.split(block, dim=2)):
        n = q_tile.shape[2]
        m = q.new_full((B, H, n), float("-inf"))
        l = q.new_zeros(B, H, n)
        a = q.new_zeros(B, H, n, D)
        state = (m, l, a)
        tiles = list(zip(k.split(block, dim=2), v.split(block, dim=2)))
        for j, (k_tile, v_tile) in enumerate(tiles[: i + 1]):
            s = torch.einsum("bhid,bhjd->bhij", q_tile * scale, k_tile)
            if j == i:
                future = torch.ones(n, n, dtype=torch.bool, device=q.device).triu(1)
                s = s.masked_fill(future, float("-inf"))
            state = _update(state, s, v_tile)
        m, l, a = state
        results.append(a / l.unsqueeze(-1))
    return torch.cat(results, dim=2)
