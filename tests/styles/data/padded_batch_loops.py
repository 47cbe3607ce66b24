"""Padded batches entry by entry in two buffers."""

import torch


def padded_batch(sequences, pad, limit=None):
    """Write each token where it belongs and mark it as real."""
    if not sequences:
        raise ValueError("a batch needs a sequence")
    width = 0
    for sequence in sequences:
        length = len(sequence) if limit is None else min(len(sequence), limit)
        width = max(width, length)
    ids = torch.zeros(len(sequences), width, dtype=torch.int64) + pad
    mask = torch.zeros(len(sequences), width, dtype=torch.bool)
    for b, sequence in enumerate(sequences):
        for t, token in enumerate(sequence):
            if t < width:
                ids[b, t] = token
                mask[b, t] = True
    return ids, mask
