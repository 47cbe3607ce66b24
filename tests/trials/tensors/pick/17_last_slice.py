# wrong: last_real takes all combinations and keeps those of the first sequence's length | violates: output[b] = x[b, lengths[b] - 1]
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    return x.gather(2, ids.unsqueeze(-1)).squeeze(-1)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[:, lengths - 1][:, 0]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    counts = [0] * vocabulary
    for i in ids.flatten().tolist():
        if i < 0 or i >= vocabulary:
            raise IndexError(f"id {i} is not in 0 to {vocabulary - 1}")
        counts[i] += 1
    return torch.tensor(counts, dtype=torch.int64)
