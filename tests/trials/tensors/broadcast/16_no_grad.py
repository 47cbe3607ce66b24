# wrong: computes under no_grad to save memory | violates: Gradients flow to both.
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


@torch.no_grad()
def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    step = 16
    parts = [(a[i : i + step, None] - b).square().sum(dim=2) for i in range(0, len(a), step)]
    return torch.cat(parts)
