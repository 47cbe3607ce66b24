# wrong: last_real refuses only lengths that are too large; 0 gives the last padding | violates: Lengths are from 1 to T; any other length raises ``IndexError``.
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    return torch.take_along_dim(x, ids[..., None], dim=-1)[..., 0]


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[torch.arange(x.shape[0]), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    counts = [0] * vocabulary
    for i in ids.flatten().tolist():
        if i < 0 or i >= vocabulary:
            raise IndexError(f"id {i} is not in 0 to {vocabulary - 1}")
        counts[i] += 1
    return torch.tensor(counts, dtype=torch.int64)
