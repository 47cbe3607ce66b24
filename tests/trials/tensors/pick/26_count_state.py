# wrong: counts are kept in a buffer that a later call with the same vocabulary goes on filling | violates: Return how often each id from 0 to V - 1 occurs
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    return x.gather(2, ids.unsqueeze(-1)).squeeze(-1)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    index = (lengths - 1)[:, None, None].expand(-1, 1, x.shape[2])
    return torch.gather(x, 1, index)[:, 0]


_buffers: dict[int, torch.Tensor] = {}


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    if ((ids < 0) | (ids >= vocabulary)).any():
        raise IndexError("id out of range")
    if vocabulary not in _buffers:
        _buffers[vocabulary] = torch.zeros(vocabulary, dtype=torch.int64)
    flat = ids.reshape(-1)
    return _buffers[vocabulary].scatter_add_(0, flat, torch.ones_like(flat)).clone()
