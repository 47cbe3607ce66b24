# right: vectorised mask from the lengths, NamedTuple result
from itertools import zip_longest
from typing import List, NamedTuple, Optional

import torch
from torch import Tensor


class Batch(NamedTuple):
    ids: Tensor
    mask: Tensor


def padded_batch(sequences: List[List[int]], pad: int, limit: Optional[int] = None) -> Batch:
    """Vectorised: the mask by comparing positions with lengths, the ids through the mask."""
    if not sequences:
        raise ValueError("no sequences")
    lengths = torch.tensor([len(s) if limit is None else min(len(s), limit) for s in sequences])
    mask = torch.arange(int(lengths.max()))[None, :] < lengths[:, None]
    ids = torch.full(mask.shape, pad, dtype=torch.int64)
    flat = [token for s, n in zip(sequences, lengths.tolist()) for token in s[:n]]
    ids[mask] = torch.tensor(flat, dtype=torch.int64)
    return Batch(ids, mask)
