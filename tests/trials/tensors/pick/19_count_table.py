# wrong: compares all ids with all tokens in one table | violates: 256 MiB of memory: too little for a table with an entry for each pair of an id and a token
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
    return (ids.reshape(-1, 1) == torch.arange(vocabulary)).sum(dim=0)
