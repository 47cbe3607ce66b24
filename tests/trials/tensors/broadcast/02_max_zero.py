# wrong: takes the largest size, so 0 and 1 give 1 | violates: 0 is a size like any other here: 0 and 1 give 0
import torch


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    rank = max(map(len, shapes), default=0)
    result = [1] * rank
    for shape in shapes:
        offset = rank - len(shape)
        for i, size in enumerate(shape):
            if 1 not in (result[offset + i], size) and result[offset + i] != size:
                raise ValueError(f"{size} does not go with {result[offset + i]}")
            result[offset + i] = max(result[offset + i], size)
    return tuple(result)


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    # One matrix product: (-2a, |a|^2, 1) times (b, 1, |b|^2).
    left = torch.cat([-2 * a, (a * a).sum(1, keepdim=True), torch.ones_like(a[:, :1])], dim=1)
    right = torch.cat([b, torch.ones_like(b[:, :1]), (b * b).sum(1, keepdim=True)], dim=1)
    return torch.relu(torch.einsum("nk,mk->nm", left, right))
