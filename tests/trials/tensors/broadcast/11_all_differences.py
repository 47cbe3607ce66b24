# wrong: stores all differences of shape (N, M, C) at once | violates: N * M * C numbers are too many to be stored at once
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
    return (a[:, None] - b).pow(2).sum(dim=-1)
