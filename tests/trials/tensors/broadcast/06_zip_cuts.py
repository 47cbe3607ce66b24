# wrong: zip stops at the shortest shape, so leading dimensions are lost | violates: a dimension that a shorter shape lacks counts as a size of 1
import torch


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    result = []
    for sizes in zip(*(reversed(s) for s in shapes)):
        others = {n for n in sizes if n != 1}
        if len(others) > 1:
            raise ValueError(f"sizes {sorted(others)} do not go together")
        result.append(others.pop() if others else 1)
    return tuple(reversed(result))


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    aa = a.square().sum(dim=1, keepdim=True)
    bb = b.square().sum(dim=1)
    return (aa + bb - 2 * a @ b.T).clamp(min=0)
