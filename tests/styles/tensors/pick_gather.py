"""Picking with gather, counting by sorting."""

import torch


def pick(x, ids):
    """Gather along the last dimension."""
    if (ids < 0).any() or (ids >= x.size(-1)).any():
        raise IndexError("an id outside the vocabulary")
    return torch.gather(x, 2, ids[..., None])[..., 0]


def last_real(x, lengths):
    """Gather along the positions."""
    if not bool(((lengths >= 1) & (lengths <= x.size(1))).all()):
        raise IndexError("an impossible length")
    index = (lengths - 1).view(-1, 1, 1).expand(-1, 1, x.size(2))
    return x.gather(1, index).squeeze(1)


def count(ids, vocabulary):
    """Sort the ids and see where each token's run begins and ends."""
    if ids.numel() == 0:
        return torch.zeros(vocabulary, dtype=torch.long)
    low, high = ids.aminmax()
    if low < 0 or high >= vocabulary:
        raise IndexError("an id outside the vocabulary")
    edges = torch.searchsorted(ids.flatten().sort().values, torch.arange(vocabulary + 1))
    return edges.diff()
