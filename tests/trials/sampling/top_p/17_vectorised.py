# right: vectorised, stable argsort, sum before each token by a shifted cumsum, float64, min_p in log space
import math

import torch

from exercises.attention.softmax import softmax


def _bar(min_p: float) -> float:
    return math.log(min_p) if min_p > 0 else -math.inf


def top_p(logits: torch.Tensor, p: float, min_p: float = 0.0) -> torch.Tensor:
    if not 0 <= p <= 1:
        raise ValueError("p must be from 0 to 1")
    if not 0 <= min_p <= 1:
        raise ValueError("min_p must be from 0 to 1")
    below = logits.double() - logits.double().amax(dim=-1, keepdim=True)
    e = below.exp()
    q = e / e.sum(dim=-1, keepdim=True)
    order = torch.argsort(logits, dim=-1, descending=True, stable=True)
    sums = q.gather(-1, order).cumsum(dim=-1)
    before = torch.cat([torch.zeros_like(sums[..., :1]), sums[..., :-1]], dim=-1)
    inside = torch.ones_like(before, dtype=torch.bool) if p == 1 else before < p
    inside[..., 0] = True
    keep = torch.empty_like(inside).scatter(-1, order, inside) & (below >= _bar(min_p))
    return logits.masked_fill(~keep, -torch.inf)
