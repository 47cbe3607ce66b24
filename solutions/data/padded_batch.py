"""Padded batches: texts of different lengths side by side in one table."""

import torch


def padded_batch(
    sequences: list[list[int]], pad: int, limit: int | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Put sequences of different lengths into one table, and say which entries are real.

    The table is as wide as the longest sequence, T. Row b holds sequence b from the left, in
    its order, and ``pad`` in every place after it. The mask is True where a token of the
    sequence stands and False where padding stands:

        ids[b, t] = sequences[b][t] and mask[b, t] = True    for t < len(sequences[b])
        ids[b, t] = pad             and mask[b, t] = False   otherwise

    A sequence may hold the number ``pad`` as a token of its own, which is real like any other.

    Args:
        sequences: B lists of token ids, at least one, else ``ValueError``; they stay as they
            were. A list may be empty, and its row is all padding.
        pad: the id that fills up the rows; any number, also a negative one such as -100.
        limit: if given, at least 1, only the first ``limit`` tokens of each sequence are used,
            and T is the greatest length that is then left. None uses all.

    Returns:
        (ids, mask), a tuple of an int64 tensor and a bool tensor, both of shape (B, T).

    >>> ids, mask = padded_batch([[5, 6, 7], [8]], pad=0)
    >>> ids
    tensor([[5, 6, 7],
            [8, 0, 0]])
    >>> mask
    tensor([[ True,  True,  True],
            [ True, False, False]])

    Not to be used: ``torch.nn.utils.rnn.pad_sequence`` and its kin (``pack_sequence``,
    ``torch.nested``). Source: Sutskever et al., 2014, section 3.4, on batches of unequal
    lengths.
    """
    if not sequences:
        raise ValueError("a batch holds at least one sequence")
    # Cut first, so that one very long sequence does not widen the table for all.
    kept = [sequence[:limit] for sequence in sequences]
    lengths = torch.tensor([len(sequence) for sequence in kept])
    width = int(lengths.max())
    ids = torch.full((len(kept), width), pad)
    for b, sequence in enumerate(kept):
        ids[b, : len(sequence)] = torch.tensor(sequence)
    # From the lengths, never from the ids: a real token may have the number of the padding.
    mask = torch.arange(width) < lengths.unsqueeze(1)  # (B, T)
    return ids, mask
