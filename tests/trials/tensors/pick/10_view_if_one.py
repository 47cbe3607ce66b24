# wrong: pick returns a view of x if the vocabulary has one token | violates: which shares no memory with ``x``
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    if x.shape[2] == 1:
        return x.squeeze(-1)  # nothing to choose
    return x.gather(2, ids.unsqueeze(-1)).squeeze(-1)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    index = (lengths - 1)[:, None, None].expand(-1, 1, x.shape[2])
    return torch.gather(x, 1, index)[:, 0]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    flat = ids.reshape(-1)
    return torch.zeros(vocabulary, dtype=torch.int64).index_add_(0, flat, torch.ones_like(flat))
