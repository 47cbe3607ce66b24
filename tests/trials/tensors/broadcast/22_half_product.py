# wrong: multiplies the points in bfloat16 for speed | violates: each is right to within 1e-5 * (...), in float64 as well
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
    aa = a.square().sum(dim=1, keepdim=True)
    bb = b.square().sum(dim=1)
    return (aa + bb - 2 * (a.bfloat16() @ b.bfloat16().T).to(a.dtype)).clamp(min=0)
