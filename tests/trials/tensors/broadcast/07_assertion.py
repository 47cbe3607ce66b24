# wrong: raises AssertionError when sizes do not go together | violates: ``ValueError`` is raised if two sizes do not go together.
from itertools import zip_longest

import torch


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    result = []
    for sizes in zip_longest(*(reversed(s) for s in shapes), fillvalue=1):
        others = {n for n in sizes if n != 1}
        assert len(others) <= 1, f"sizes {sorted(others)} do not go together"
        result.append(others.pop() if others else 1)
    return tuple(reversed(result))


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    # One matrix product: (-2a, |a|^2, 1) times (b, 1, |b|^2).
    left = torch.cat([-2 * a, (a * a).sum(1, keepdim=True), torch.ones_like(a[:, :1])], dim=1)
    right = torch.cat([b, torch.ones_like(b[:, :1]), (b * b).sum(1, keepdim=True)], dim=1)
    return torch.relu(torch.einsum("nk,mk->nm", left, right))
