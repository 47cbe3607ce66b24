# wrong: the buffer has the default dtype, so float64 input gives float32 | violates: A new tensor of shape (N, M) and the dtype of ``a``
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
    out = torch.zeros(a.shape[0], b.shape[0])
    for i in range(a.shape[0]):
        out[i] = (a[i] - b).square().sum(dim=1)
    return out
