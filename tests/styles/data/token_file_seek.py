"""A token file read by jumping in an open file, with Python's own generator."""

import random
import struct
from pathlib import Path

import torch


def write_tokens(tokens, path):
    """Pack the tokens and write them at once."""
    for token in tokens:
        if not 0 <= token <= 65535:
            raise ValueError(f"{token} does not fit in two bytes")
    if not tokens:
        raise ValueError("nothing to write")
    Path(path).write_bytes(struct.pack(f"<{len(tokens)}H", *tokens))


class TokenFile:
    """Windows of a file, each read when it is asked for."""

    def __init__(self, path):
        size = Path(path).stat().st_size
        if size == 0 or size % 2 == 1:
            raise ValueError(f"{size} bytes are no token file")
        self._path = path
        self._count = size // 2

    def __len__(self):
        """Half as many as there are bytes."""
        return self._count

    def windows(self, starts, context):
        """Jump to each start and read."""
        if context < 1 or not starts:
            raise ValueError("one window of one token at least")
        rows = []
        with Path(self._path).open("rb") as file:
            for start in starts:
                if start < 0 or start + context + 1 > self._count:
                    raise ValueError(f"no window at {start}")
                file.seek(2 * start)
                raw = file.read(2 * (context + 1))
                rows.append(struct.unpack(f"<{context + 1}H", raw))
        table = torch.tensor(rows)
        return table[:, :-1], table[:, 1:]

    def batch(self, size, context, seed):
        """Draw the starts, then read."""
        if context >= self._count or context < 1:
            raise ValueError("the file is too short")
        rng = random.Random(seed)
        starts = [rng.randrange(self._count - context) for _ in range(size)]
        return self.windows(starts, context)
