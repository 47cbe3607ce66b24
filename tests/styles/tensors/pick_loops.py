"""Picking and counting in Python's loops."""

import torch


def pick(x, ids):
    """Go through the sequences and positions."""
    rows = []
    for vectors, row in zip(x, ids.tolist(), strict=True):
        if min(row) < 0:
            raise IndexError("negative")
        rows.append(torch.stack([vector[i] for vector, i in zip(vectors, row, strict=True)]))
    return torch.stack(rows)


def last_real(x, lengths):
    """Go through the sequences."""
    out = []
    for sequence, n in zip(x, lengths.tolist(), strict=True):
        if n <= 0:
            raise IndexError(f"a sequence of length {n}")
        out.append(sequence[n - 1])
    return torch.stack(out)


def count(ids, vocabulary):
    """Add 1 for each id, in a list."""
    counts = [0] * vocabulary
    for i in ids.flatten().tolist():
        if i < 0:
            raise IndexError(i)
        counts[i] += 1
    return torch.tensor(counts)
