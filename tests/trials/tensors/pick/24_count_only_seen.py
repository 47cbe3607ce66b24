# wrong: returns only as many counts as the largest id needs | violates: A new int64 tensor of shape (V,)
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    return torch.take_along_dim(x, ids[..., None], dim=-1)[..., 0]


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[torch.arange(x.shape[0]), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    flat = ids.flatten().tolist()
    size = max(flat, default=-1) + 1
    out = torch.zeros(size, dtype=torch.int64)
    for i in flat:
        out[i] += 1
    return out
