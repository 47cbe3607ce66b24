# wrong: loops over the first dimension, which a tensor of shape () lacks | violates: int64 tensor of any shape, also () and shapes without entries
import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    rows = []
    for vectors, names in zip(x, ids.tolist()):
        row = []
        for vector, i in zip(vectors, names):
            if not 0 <= i < len(vector):
                raise IndexError(f"id {i} is not in 0 to {len(vector) - 1}")
            row.append(vector[i])
        rows.append(torch.stack(row))
    return torch.stack(rows)


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    vectors = []
    for b, n in enumerate(lengths.tolist()):
        if n < 1 or n > x.shape[1]:
            raise IndexError(f"length {n} is not in 1 to {x.shape[1]}")
        vectors.append(x[b, n - 1])
    return torch.stack(vectors)


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    counts = [0] * vocabulary
    for i in (int(i) for row in ids for i in row.flatten()):
        if i < 0 or i >= vocabulary:
            raise IndexError(f"id {i} is not in 0 to {vocabulary - 1}")
        counts[i] += 1
    return torch.tensor(counts, dtype=torch.int64)
