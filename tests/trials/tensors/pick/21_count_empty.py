# wrong: the check calls min() on a tensor without entries, which raises | violates: int64 tensor of any shape, also () and shapes without entries
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    return x.gather(2, ids.unsqueeze(-1)).squeeze(-1)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[torch.arange(x.shape[0]), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= vocabulary:
        raise IndexError("id out of range")
    flat = ids.reshape(-1)
    return torch.zeros(vocabulary, dtype=torch.int64).index_add_(0, flat, torch.ones_like(flat))
