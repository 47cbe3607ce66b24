# wrong: last_real multiplies by a mask and sums, so NaN in the padding spreads | violates: What is in the padding, also NaN or infinity, changes nothing.
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    B, T, _ = x.shape
    return x[torch.arange(B)[:, None], torch.arange(T)[None, :], ids]


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    mask = torch.arange(x.shape[1]) == (lengths - 1)[:, None]
    return (x * mask[:, :, None]).sum(dim=1).to(x.dtype)


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    flat = ids.reshape(-1)
    return torch.zeros(vocabulary, dtype=torch.int64).index_add_(0, flat, torch.ones_like(flat))
