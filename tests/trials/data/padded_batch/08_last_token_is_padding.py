# wrong: the mask is False for the last token of each sequence | violates: "mask[b, t] = True    for t < len(sequences[b])"
"""Padded batches."""

import torch


def padded_batch(
    sequences: list[list[int]], pad: int, limit: int | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Pad sequences to one length, and return a mask of the real tokens."""
    if not sequences:
        raise ValueError("at least one sequence is needed")
    cut = [list(sequence) if limit is None else sequence[:limit] for sequence in sequences]
    longest = max(len(sequence) for sequence in cut)
    ids = torch.full((len(cut), longest), pad, dtype=torch.int64)
    mask = torch.zeros((len(cut), longest), dtype=torch.bool)
    for b, sequence in enumerate(cut):
        n = len(sequence)
        ids[b, :n] = torch.tensor(sequence, dtype=torch.int64)
        mask[b, : max(n - 1, 0)] = True
    return ids, mask
