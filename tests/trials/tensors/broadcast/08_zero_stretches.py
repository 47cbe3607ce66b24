# wrong: a size of 0 is stretched like a size of 1 | violates: 0 and 3 do not go together
from functools import reduce

import torch


def _join(n: int, m: int) -> int:
    if n == m or n == 1:
        return m
    if m == 1:
        return n
    if 0 in (n, m):
        return 0
    raise ValueError(f"sizes {n} and {m} do not go together")


def _two(s: tuple[int, ...], t: tuple[int, ...]) -> tuple[int, ...]:
    k = max(len(s), len(t))
    s = (1,) * (k - len(s)) + tuple(s)
    t = (1,) * (k - len(t)) + tuple(t)
    return tuple(map(_join, s, t))


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    return reduce(_two, shapes, ())


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    aa = a.square().sum(dim=1, keepdim=True)
    bb = b.square().sum(dim=1)
    return (aa + bb - 2 * a @ b.T).clamp(min=0)
