# wrong: sets the diagonal to 0 if the shapes agree, as if a were b | violates: N, M and C are at least 1; any two of them, or all three, may be equal.
import torch


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    rank = max((len(s) for s in shapes), default=0)
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
    out = (aa + bb - 2 * a @ b.T).clamp(min=0)
    if a.shape == b.shape:
        out = out * (1 - torch.eye(len(a), dtype=a.dtype))  # a point to itself
    return out
