# wrong: counts in float32 | violates: A new int64 tensor of shape (V,)
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    B, T, _ = x.shape
    return x[torch.arange(B)[:, None], torch.arange(T)[None, :], ids]


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[torch.arange(x.shape[0]), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    flat = ids.flatten()
    return torch.zeros(vocabulary).scatter_add_(0, flat, torch.ones(flat.numel()))
