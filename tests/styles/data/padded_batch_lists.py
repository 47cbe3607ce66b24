"""Padded batches as lists, made tensors at the end."""

import torch


def padded_batch(sequences, pad, limit=None):
    """Lengthen each list by padding, and a list of truth beside it."""
    if len(sequences) == 0:
        raise ValueError("no sequences")
    if limit is not None:
        sequences = [s[:limit] for s in sequences]
    longest = max(len(s) for s in sequences)
    ids = [s + [pad] * (longest - len(s)) for s in sequences]
    mask = [[True] * len(s) + [False] * (longest - len(s)) for s in sequences]
    return torch.tensor(ids, dtype=torch.long), torch.tensor(mask, dtype=torch.bool)
