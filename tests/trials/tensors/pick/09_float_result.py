# wrong: pick fills a float32 buffer, whatever the dtype of x | violates: A new tensor of shape (B, T) and the dtype of ``x``
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    out = torch.zeros(ids.shape)
    for b in range(x.shape[0]):
        out[b] = x[b, torch.arange(x.shape[1]), ids[b]]
    return out


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    return x[torch.arange(x.shape[0]), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    counts = [0] * vocabulary
    for i in ids.flatten().tolist():
        if i < 0 or i >= vocabulary:
            raise IndexError(f"id {i} is not in 0 to {vocabulary - 1}")
        counts[i] += 1
    return torch.tensor(counts, dtype=torch.int64)
