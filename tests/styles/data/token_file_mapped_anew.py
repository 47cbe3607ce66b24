"""A token file that is mapped anew for each batch, with NumPy's generator."""

import os

import numpy as np
import torch


def write_tokens(tokens, path):
    """Fill a mapped file."""
    if len(tokens) == 0 or not all(0 <= token < 2**16 for token in tokens):
        raise ValueError("ids of sixteen bits, one at least")
    arr = np.memmap(path, dtype=np.uint16, mode="w+", shape=(len(tokens),))
    arr[:] = tokens
    arr.flush()


class TokenFile:
    """Windows of a file that is mapped whenever it is used."""

    def __init__(self, path):
        self.path = path
        self.bytes = os.stat(path).st_size
        if self.bytes < 2 or self.bytes % 2:
            raise ValueError(f"{path} is no token file")

    def __len__(self):
        """Two bytes a token."""
        return self.bytes >> 1

    def windows(self, starts, context):
        """Slice each window and its targets out of the map."""
        last = len(self) - context - 1
        if context < 1 or not starts or any(s < 0 or s > last for s in starts):
            raise ValueError(f"windows of one token at least begin at 0 to {last}")
        data = np.memmap(self.path, dtype=np.uint16, mode="r")
        x = torch.stack([torch.from_numpy(data[s : s + context].astype(np.int64)) for s in starts])
        y = torch.stack(
            [torch.from_numpy(data[s + 1 : s + 1 + context].astype(np.int64)) for s in starts]
        )
        return x, y

    def batch(self, size, context, seed):
        """Starts from NumPy's newer generator."""
        if not 0 < context < len(self):
            raise ValueError(f"{len(self)} tokens are too few")
        starts = np.random.default_rng(seed).integers(0, len(self) - context, size)
        return self.windows([int(s) for s in starts], context)
