"""Padded batches with the mask first and all tokens poured into it."""

import torch


def padded_batch(sequences, pad, limit=None):
    """Fill the places where the mask is True with the tokens of all sequences in a row."""
    if sequences == []:
        raise ValueError("nothing to put in a table")
    kept = [list(s) if limit is None else list(s)[:limit] for s in sequences]
    lengths = torch.tensor([len(s) for s in kept]).unsqueeze(-1)
    steps = torch.arange(int(lengths.max()), dtype=torch.int64)
    mask = steps[None, :] < lengths
    ids = torch.full(mask.shape, pad, dtype=torch.int64)
    flat = torch.tensor([token for s in kept for token in s], dtype=torch.int64)
    return ids.masked_scatter(mask, flat), mask
