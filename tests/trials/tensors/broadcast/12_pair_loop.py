# wrong: a Python loop over all pairs | violates: not for a Python loop over all N * M pairs
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
    rows = []
    for p in a:
        rows.append(torch.stack([((p - q) ** 2).sum() for q in b]))
    return torch.stack(rows)
