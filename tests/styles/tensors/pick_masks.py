"""Picking with masks instead of indices, counting distinct ids."""

import torch


def _check(numbers, low, high):
    if numbers.numel() and not low <= int(numbers.min()) <= int(numbers.max()) <= high:
        raise IndexError(f"not from {low} to {high}")


def pick(x, ids):
    """Select where the number of the entry is the id."""
    _check(ids, 0, x.shape[-1] - 1)
    chosen = torch.arange(x.shape[-1]) == ids.unsqueeze(-1)  # one True in each row
    return x[chosen].reshape(ids.shape)


def last_real(x, lengths):
    """Select where the position is the last."""
    _check(lengths, 1, x.shape[1])
    return x[torch.arange(1, x.shape[1] + 1) == lengths[:, None]]


def count(ids, vocabulary):
    """Count the distinct ids, and fill in the others."""
    _check(ids, 0, vocabulary - 1)
    counts = torch.zeros(vocabulary, dtype=torch.int64)
    present, times = ids.unique(return_counts=True)
    counts[present] = times
    return counts
