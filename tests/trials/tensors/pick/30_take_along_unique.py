# right: take_along_dim, gather along time, unique with counts
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    return torch.take_along_dim(x, ids[..., None], dim=-1)[..., 0]


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    index = (lengths - 1)[:, None, None].expand(-1, 1, x.shape[2])
    return torch.gather(x, 1, index)[:, 0]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    values, times = torch.unique(ids, return_counts=True)
    out = torch.zeros(vocabulary, dtype=torch.int64)
    out[values] = times
    return out
