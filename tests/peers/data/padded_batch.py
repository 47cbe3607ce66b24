"""torch.nn.utils.rnn.pad_sequence."""

import torch
from torch.nn.utils.rnn import pad_sequence


def padded_batch(sequences, pad, limit=None):
    """Torch pads the ids with the pad, and what is true with what is not."""
    if not sequences:
        raise ValueError("there is no sequence")
    rows = [torch.tensor(sequence[:limit], dtype=torch.int64) for sequence in sequences]
    ids = pad_sequence(rows, batch_first=True, padding_value=pad)
    real = [torch.ones(len(row), dtype=torch.bool) for row in rows]
    return ids, pad_sequence(real, batch_first=True, padding_value=False)
