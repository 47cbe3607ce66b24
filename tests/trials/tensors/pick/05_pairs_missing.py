# wrong: the batch and position indices are read in pairs, which runs only if B = T | violates: output[b, t] = x[b, t, ids[b, t]]
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    B, T = ids.shape
    return x[torch.arange(B), torch.arange(T), ids]


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[torch.arange(x.shape[0]), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    values, times = torch.unique(ids, return_counts=True)
    out = torch.zeros(vocabulary, dtype=torch.int64)
    out[values] = times
    return out
