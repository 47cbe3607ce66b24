# wrong: moves all points by the mean, which one far point makes huge | violates: each is right to within 1e-5 * (sum_c a[i, c]^2 + sum_c b[j, c]^2)
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
    mean = torch.cat([a, b]).mean(dim=0)
    a, b = a - mean, b - mean
    aa = a.square().sum(dim=1, keepdim=True)
    bb = b.square().sum(dim=1)
    return (aa + bb - 2 * a @ b.T).clamp(min=0)
