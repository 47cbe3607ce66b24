# right: reduce with helpers; one product of extended points
from functools import reduce

import torch


def _join(n: int, m: int) -> int:
    if n == 1 or n == m:
        return m
    if m == 1:
        return n
    raise ValueError(f"sizes {n} and {m} do not go together")


def _two(s: tuple[int, ...], t: tuple[int, ...]) -> tuple[int, ...]:
    k = max(len(s), len(t))
    s = (1,) * (k - len(s)) + tuple(s)
    t = (1,) * (k - len(t)) + tuple(t)
    return tuple(map(_join, s, t))


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    return reduce(_two, shapes, ())


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    # One matrix product: (-2a, |a|^2, 1) times (b, 1, |b|^2).
    left = torch.cat([-2 * a, (a * a).sum(1, keepdim=True), torch.ones_like(a[:, :1])], dim=1)
    right = torch.cat([b, torch.ones_like(b[:, :1]), (b * b).sum(1, keepdim=True)], dim=1)
    return torch.relu(torch.einsum("nk,mk->nm", left, right))
