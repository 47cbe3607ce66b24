# wrong: a negative id is counted from the end | violates: any other id, also a negative one, raises ``IndexError``
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    if ids.min() < 0 or ids.max() >= x.shape[2]:
        raise IndexError("id out of range")
    return x.gather(2, ids.unsqueeze(-1)).squeeze(-1)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    vectors = []
    for b, n in enumerate(lengths.tolist()):
        if n < 1 or n > x.shape[1]:
            raise IndexError(f"length {n} is not in 1 to {x.shape[1]}")
        vectors.append(x[b, n - 1])
    return torch.stack(vectors)


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    counts = torch.zeros(vocabulary, dtype=torch.int64)
    counts.index_put_((ids.reshape(-1),), torch.tensor(1), accumulate=True)
    return counts
