# wrong: unsqueeze_ changes the shape of the caller's ids | violates: ``x`` and ``ids`` are not changed
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    ids.unsqueeze_(-1)
    return x.gather(2, ids).squeeze(-1)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    vectors = []
    for b, n in enumerate(lengths.tolist()):
        if n < 1 or n > x.shape[1]:
            raise IndexError(f"length {n} is not in 1 to {x.shape[1]}")
        vectors.append(x[b, n - 1])
    return torch.stack(vectors)


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    flat = ids.reshape(-1)
    return torch.zeros(vocabulary, dtype=torch.int64).index_add_(0, flat, torch.ones_like(flat))
