# wrong: moves a and b in place | violates: ``a`` and ``b`` are not changed
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
    with torch.no_grad():
        middle = b[0].clone()
        a -= middle
        b -= middle
    aa, bb = a.square().sum(1), b.square().sum(1)
    return (aa[:, None] + bb[None] - 2 * a @ b.T).clamp_min(0)
