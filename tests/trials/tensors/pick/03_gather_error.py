# wrong: gather's RuntimeError for an id out of range is let through | violates: any other id, also a negative one, raises ``IndexError``
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    return x.gather(2, ids.unsqueeze(-1)).squeeze(-1)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    if lengths.min() < 1 or lengths.max() > x.shape[1]:
        raise IndexError("length out of range")
    index = (lengths - 1)[:, None, None].expand(-1, 1, x.shape[2])
    return torch.gather(x, 1, index)[:, 0]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    counts = [0] * vocabulary
    for i in ids.flatten().tolist():
        if i < 0 or i >= vocabulary:
            raise IndexError(f"id {i} is not in 0 to {vocabulary - 1}")
        counts[i] += 1
    return torch.tensor(counts, dtype=torch.int64)
