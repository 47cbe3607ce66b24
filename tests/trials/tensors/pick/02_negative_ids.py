# wrong: pick accepts negative ids | violates: any other id, also a negative one, raises ``IndexError``
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    B, T, _ = x.shape
    return x[torch.arange(B)[:, None], torch.arange(T)[None, :], ids]


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[torch.arange(x.shape[0]), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    flat = ids.reshape(-1)
    return torch.zeros(vocabulary, dtype=torch.int64).index_add_(0, flat, torch.ones_like(flat))
