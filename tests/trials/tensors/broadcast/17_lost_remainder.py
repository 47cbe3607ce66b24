# wrong: rows after the last full block are dropped | violates: A new tensor of shape (N, M)
from itertools import zip_longest

import torch


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    result = []
    for sizes in zip_longest(*(reversed(s) for s in shapes), fillvalue=1):
        others = {n for n in sizes if n != 1}
        if len(others) > 1:
            raise ValueError(f"sizes {sorted(others)} do not go together")
        result.append(others.pop() if others else 1)
    return tuple(reversed(result))


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    block = min(16, a.shape[0])
    parts = []
    for k in range(a.shape[0] // block):
        rows = a[k * block : (k + 1) * block]
        parts.append((rows.square().sum(1)[:, None] + b.square().sum(1) - 2 * rows @ b.T).relu())
    return torch.cat(parts, dim=0)
