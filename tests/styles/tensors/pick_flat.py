"""Picking from a flat tensor, counting with accumulation."""

import torch


def pick(x, ids):
    """Compute where each entry is among all of them."""
    size = x.shape[2]
    if ids.lt(0).any() or ids.ge(size).any():
        raise IndexError("no such entry")
    starts = torch.arange(x.shape[0] * x.shape[1]).reshape(ids.shape) * size
    return x.take(starts + ids)


def last_real(x, lengths):
    """Choose rows of the flattened batch."""
    batch, positions, features = x.shape
    if int(lengths.min()) < 1 or int(lengths.max()) > positions:
        raise IndexError("no such position")
    rows = torch.arange(batch) * positions + lengths - 1
    return x.reshape(-1, features).index_select(0, rows)


def count(ids, vocabulary):
    """Put ones, and accumulate them."""
    flat = ids.flatten()
    if (flat < 0).any():
        raise IndexError("a negative id")
    zeros = torch.zeros(vocabulary, dtype=torch.int64)
    return zeros.index_put((flat,), torch.tensor(1), accumulate=True)
