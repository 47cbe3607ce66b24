# wrong: max() of nothing raises when no shape is given | violates: A tuple of integers: () if no shape is given.
import torch


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    rank = max(len(s) for s in shapes)
    result = [1] * rank
    for shape in shapes:
        offset = rank - len(shape)
        for i, size in enumerate(shape):
            if size == 1:
                continue
            if result[offset + i] not in (1, size):
                raise ValueError(f"{size} does not go with {result[offset + i]}")
            result[offset + i] = size
    return tuple(result)


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    aa = a.square().sum(dim=1, keepdim=True)
    bb = b.square().sum(dim=1)
    return (aa + bb - 2 * a @ b.T).clamp(min=0)
