# wrong: pick raises ValueError for an id out of range | violates: any other id, also a negative one, raises ``IndexError``
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise ValueError("id out of range")
    return torch.take_along_dim(x, ids[..., None], dim=-1)[..., 0]


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
