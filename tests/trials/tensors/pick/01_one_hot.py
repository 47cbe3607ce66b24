# wrong: pick multiplies by one-hot vectors, so another entry's infinity gives NaN | violates: The entry is returned exactly as it is, whatever the others are: NaN and infinity too.
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    mask = torch.nn.functional.one_hot(ids, x.shape[2]).to(x.dtype)
    return (x * mask).sum(dim=-1).to(x.dtype)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[torch.arange(x.shape[0]), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    flat = ids.reshape(-1)
    return torch.zeros(vocabulary, dtype=torch.int64).index_add_(0, flat, torch.ones_like(flat))
