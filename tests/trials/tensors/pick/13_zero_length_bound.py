# wrong: last_real's lower bound is 0, not 1 | violates: Lengths are from 1 to T; any other length raises ``IndexError``.
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    return x.gather(2, ids.unsqueeze(-1)).squeeze(-1)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 0 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[torch.arange(x.shape[0]), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    values, times = torch.unique(ids, return_counts=True)
    out = torch.zeros(vocabulary, dtype=torch.int64)
    out[values] = times
    return out
