# wrong: both norms lie along the columns, which is silent if N = M | violates: output[i, j] = sum_c (a[i, c] - b[j, c])^2
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
    aa = (a ** 2).sum(dim=1)
    bb = (b ** 2).sum(dim=1)
    out = aa + bb - 2 * torch.mm(a, b.t())
    return torch.clamp(out, min=0.0)
