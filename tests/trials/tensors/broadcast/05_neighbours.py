# wrong: compares each shape only with the one before it, so 3, 1, 4 pass | violates: all sizes other than 1 must be equal
import torch


def broadcast_shape(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    rank = max(map(len, shapes), default=0)
    padded = [(1,) * (rank - len(s)) + tuple(s) for s in shapes]
    for s, t in zip(padded, padded[1:]):
        if any(m != n and 1 not in (m, n) for m, n in zip(s, t)):
            raise ValueError(f"{s} and {t} do not go together")
    return tuple(next((n for n in column if n != 1), 1) for column in zip(*padded))


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    aa = a.square().sum(dim=1, keepdim=True)
    bb = b.square().sum(dim=1)
    return (aa + bb - 2 * a @ b.T).clamp(min=0)
