# right: helper for one row, torch.cat and torch.stack
import torch


def _row(tokens, width, pad):
    row = torch.tensor(tokens, dtype=torch.int64)
    filler = row.new_full((width - len(tokens),), pad)
    real = torch.cat([torch.ones_like(row), torch.zeros_like(filler)]).bool()
    return torch.cat([row, filler]), real


def padded_batch(sequences, pad, limit=None):
    """A helper makes one row; torch.cat inside, torch.stack outside."""
    if not sequences:
        raise ValueError("sequences is empty")
    if limit is not None:
        sequences = [s[:limit] for s in sequences]
    width = max(len(s) for s in sequences)
    rows = [_row(s, width, pad) for s in sequences]
    ids, mask = (torch.stack(column) for column in zip(*rows))
    return ids, mask
