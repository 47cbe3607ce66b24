# wrong: uses pad_sequence | violates: "Not to be used: ``torch.nn.utils.rnn.pad_sequence`` and similar functions"
import torch
from torch.nn.utils.rnn import pad_sequence


def padded_batch(sequences, pad, limit=None):
    """Pad sequences to one length, and return a mask of the real tokens."""
    if not sequences:
        raise ValueError("no sequences")
    rows = [torch.tensor(s[:limit], dtype=torch.int64) for s in sequences]
    ids = pad_sequence(rows, batch_first=True, padding_value=pad)
    mask = pad_sequence([torch.ones_like(row, dtype=torch.bool) for row in rows], batch_first=True)
    return ids, mask
