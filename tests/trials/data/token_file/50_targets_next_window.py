# wrong: the targets are the following T tokens | violates: inputs[b, t] is token starts[b] + t of the file, and targets[b, t] is token starts[b] + t + 1
"""Token files: tokens on disk, more than fit in memory, read window by window."""

import mmap
import random
import struct

import torch


def write_tokens(tokens: list[int], path: str) -> None:
    """Write tokens to a file that ``TokenFile`` can read."""
    try:
        packed = struct.pack(f"<{len(tokens)}H", *tokens)
    except struct.error as error:
        raise ValueError("tokens are integers from 0 to 65,535") from error
    if not packed:
        raise ValueError("no tokens")
    with open(path, "wb") as file:
        file.write(packed)


class TokenFile:
    """A token file, of which windows are read without loading the rest."""

    def __init__(self, path: str) -> None:
        """Open a file that ``write_tokens`` wrote."""
        with open(path, "rb") as file:
            length = file.seek(0, 2)
            if length < 2 or length % 2:
                raise ValueError(f"{path} is not a token file")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        """Return n, the number of tokens in the file."""
        return len(self._map) // 2

    def _read(self, start: int, count: int) -> torch.Tensor:
        """Return count tokens from start on."""
        return torch.tensor(struct.unpack_from(f"<{count}H", self._map, 2 * start), dtype=torch.int64)

    def windows(self, starts: list[int], context: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read the window at each start, with its targets."""
        allowed = range(len(self) - context)
        if context < 1 or not starts or not all(start in allowed for start in starts):
            raise ValueError("windows must lie in the file")
        inputs = torch.stack([self._read(start, context) for start in starts])
        targets = torch.stack([self._read(min(start + context, len(self) - context), context) for start in starts])
        return inputs, targets

    def batch(self, size: int, context: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read windows at random positions."""
        if context not in range(1, len(self)):
            raise ValueError(f"context {context} does not fit into {len(self)} tokens")
        rng = random.Random(seed)
        return self.windows([rng.randrange(len(self) - context) for _ in range(size)], context)
