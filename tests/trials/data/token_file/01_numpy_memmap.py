# right: NumPy memory map
"""Token files: tokens on disk, more than fit in memory, read window by window."""

import os

import numpy as np
import torch


def write_tokens(tokens: list[int], path: str) -> None:
    """Write tokens to a file that ``TokenFile`` can read."""
    if not tokens or min(tokens) < 0 or max(tokens) > 65_535:
        raise ValueError("at least one token, each from 0 to 65,535")
    np.array(tokens, dtype="<u2").tofile(path)


class TokenFile:
    """A token file, of which windows are read without loading the rest."""

    def __init__(self, path: str) -> None:
        """Open a file that ``write_tokens`` wrote."""
        size = os.path.getsize(path)
        if size == 0 or size % 2 != 0:
            raise ValueError("not a token file")
        self.tokens = np.memmap(path, dtype="<u2", mode="r")

    def __len__(self) -> int:
        """Return n, the number of tokens in the file."""
        return len(self.tokens)

    def windows(self, starts: list[int], context: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read the window at each start, with its targets."""
        if context < 1:
            raise ValueError("context must be at least 1")
        if len(starts) == 0:
            raise ValueError("no starts")
        if min(starts) < 0 or max(starts) >= len(self) - context:
            raise ValueError("a window does not lie in the file")
        rows = [self.tokens[s : s + context + 1].astype(np.int64) for s in starts]
        table = torch.from_numpy(np.stack(rows))
        return table[:, :-1].clone(), table[:, 1:].clone()

    def batch(self, size: int, context: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read windows at random positions."""
        if not 1 <= context < len(self):
            raise ValueError("context must be at least 1 and below n")
        rng = np.random.default_rng(seed)
        starts = rng.integers(0, len(self) - context, size=size)
        return self.windows(starts.tolist(), context)
