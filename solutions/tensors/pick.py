"""Picking entries by index, and counting indices."""

import torch


def pick(x: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """Return one entry of each vector of ``x``: the one that ``ids`` names.

    Notation: batch size B, sequence length T, vocabulary size V.

        output[b, t] = x[b, t, ids[b, t]]

    The entry is returned exactly as it is, whatever the others are: NaN and infinity too.

    Args:
        x: tensor of shape (B, T, V) and any dtype; B, T and V are at least 1, and may be equal.
        ids: int64 tensor of shape (B, T). Ids are from 0 to V - 1; any other id, also a negative
            one, raises ``IndexError``.

    Returns:
        A new tensor of shape (B, T) and the dtype of ``x``, which shares no memory with ``x``;
        ``x`` and ``ids`` are not changed. Gradients flow to the picked entries of ``x``; that of
        every other entry is 0.

    >>> pick(torch.tensor([[[5, 6, 7], [8, 9, 10]]]), torch.tensor([[2, 0]]))
    tensor([[7, 8]])

    Not to be used: ``torch.nn.functional.nll_loss`` and ``torch.nn.NLLLoss``.
    """
    # Indexing raises for V and above by itself, but takes -1 for the last entry.
    if ids.min() < 0:
        raise IndexError(f"there is no entry {int(ids.min())}")
    sequences = torch.arange(x.shape[0]).unsqueeze(1)  # (B, 1)
    positions = torch.arange(x.shape[1])  # (T,)
    # Index tensors are broadcast to (B, T): which sequence, which position, which entry.
    return x[sequences, positions, ids]


def last_real(x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return the vector of each sequence's last real position, the one before its padding.

    Sequence b has ``lengths[b]`` real positions, which come first, and padding after them.

        output[b] = x[b, lengths[b] - 1]

    What is in the padding, also NaN or infinity, changes nothing.

    Args:
        x: tensor of shape (B, T, C) and any dtype; B, T and C are at least 1, and may be equal.
        lengths: int64 tensor of shape (B,). Lengths are from 1 to T; any other length raises
            ``IndexError``.

    Returns:
        A new tensor of shape (B, C) and the dtype of ``x``, which shares no memory with ``x``;
        ``x`` and ``lengths`` are not changed. Gradients flow to the returned vectors of ``x``;
        those of all other positions are 0.

    >>> last_real(torch.tensor([[[1], [2], [0]], [[3], [0], [0]]]), torch.tensor([2, 1]))
    tensor([[2],
            [3]])
    """
    # A length of 0 would be position -1, the last of all; one above T raises by itself.
    if lengths.min() < 1:
        raise IndexError(f"there is no last position of {int(lengths.min())}")
    return x[torch.arange(len(x)), lengths - 1]


def count(ids: torch.Tensor, vocabulary: int) -> torch.Tensor:
    """Return how often each id from 0 to V - 1 occurs, where V is ``vocabulary``.

    An id that does not occur has the count 0. For 10,007 ids and V = 50,257 the call gets
    256 MiB of memory: too little for a table with an entry for each pair of an id and a token.

    Args:
        ids: int64 tensor of any shape, also () and shapes without entries. Ids are from 0 to
            V - 1; any other id, also a negative one, raises ``IndexError``.
        vocabulary: the vocabulary size V, at least 1.

    Returns:
        A new int64 tensor of shape (V,); ``ids`` is not changed.

    >>> count(torch.tensor([[2, 0], [2, 2]]), 4)
    tensor([1, 0, 3, 0])

    Not to be used: ``bincount``, ``histc``, ``histogram`` and ``histogramdd`` of PyTorch and
    NumPy.
    """
    flat = ids.reshape(-1)
    counts = torch.zeros(vocabulary, dtype=torch.int64)
    # counts[flat] += 1 would write each place once, however often its id occurs. index_add adds
    # up, and raises for any id outside by itself, also for a negative one.
    return counts.index_add(0, flat, torch.ones_like(flat))
