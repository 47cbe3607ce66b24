"""Padded batches: sequences of different lengths in one tensor, with a mask."""

import torch


def padded_batch(
    sequences: list[list[int]], pad: int, limit: int | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Pad sequences to one length, and return a mask of the real tokens.

    Notation: batch size B, length T of the longest sequence. Row b holds the tokens of sequence
    b in order, then ``pad`` up to length T. The mask is True for tokens of the sequence and
    False for padding:

        ids[b, t] = sequences[b][t] and mask[b, t] = True    for t < len(sequences[b])
        ids[b, t] = pad             and mask[b, t] = False   otherwise

    A sequence may itself contain the id ``pad``, as a real token like any other.

    Args:
        sequences: B lists of token ids, at least one list, else ``ValueError``; they are not
            changed. A list may be empty; its row is all padding. If all are empty, T is 0.
        pad: the id of the padding; any integer, also a negative one such as -100.
        limit: None, or the maximum length, at least 1: only the first ``limit`` tokens of each
            sequence are used, and T is the length of the longest after that.

    Returns:
        (ids, mask), a tuple of a new int64 tensor and a new bool tensor, both of shape (B, T).

    >>> ids, mask = padded_batch([[5, 6, 7], [8]], pad=0)
    >>> ids
    tensor([[5, 6, 7],
            [8, 0, 0]])
    >>> mask
    tensor([[ True,  True,  True],
            [ True, False, False]])

    Not to be used: ``torch.nn.utils.rnn`` (``pad_sequence``, ``pack_sequence``) and
    ``torch.nested``. Source: Sutskever et al., 2014, section 3.4, on batches of unequal
    lengths.
    """
    if not sequences:
        raise ValueError("a batch holds at least one sequence")
    # Truncate first, so that one very long sequence does not lengthen all rows.
    kept = [sequence[:limit] for sequence in sequences]
    lengths = torch.tensor([len(sequence) for sequence in kept])
    width = int(lengths.max())
    ids = torch.full((len(kept), width), pad)
    for b, sequence in enumerate(kept):
        ids[b, : len(sequence)] = torch.tensor(sequence)
    # From the lengths, not from the ids: a real token may have the id of the padding.
    mask = torch.arange(width) < lengths.unsqueeze(1)  # (B, T)
    return ids, mask
