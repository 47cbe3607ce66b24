# wrong: windows reads everything from the smallest to the largest start | violates: Memory use does not grow with the file
"""Token files: tokens on disk, more than fit in memory, read window by window."""

import os

import torch


def write_tokens(tokens: list[int], path: str) -> None:
    """Write tokens to a file that ``TokenFile`` can read."""
    if len(tokens) == 0:
        raise ValueError("no tokens")
    data = bytearray()
    for token in tokens:
        if token < 0 or token >= 2**16:
            raise ValueError(f"{token} does not fit into 16 bits")
        data.append(token % 256)
        data.append(token // 256)
    with open(path, "wb") as file:
        file.write(data)


class TokenFile:
    """A token file, of which windows are read without loading the rest."""

    def __init__(self, path: str) -> None:
        """Open a file that ``write_tokens`` wrote."""
        self.path = path
        n_bytes = os.stat(path).st_size
        if n_bytes == 0:
            raise ValueError("the file is empty")
        if n_bytes % 2 == 1:
            raise ValueError("odd number of bytes")
        self.n = n_bytes // 2

    def __len__(self) -> int:
        """Return n, the number of tokens in the file."""
        return self.n

    def windows(self, starts: list[int], context: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read the window at each start, with its targets."""
        if context < 1 or not starts:
            raise ValueError("context and the number of starts must be at least 1")
        for start in starts:
            if start < 0 or start >= self.n - context:
                raise ValueError(f"no window at {start}")
        inputs = torch.empty(len(starts), context, dtype=torch.int64)
        targets = torch.empty(len(starts), context, dtype=torch.int64)
        with open(self.path, "rb") as file:
            file.seek(2 * min(starts))
            span = file.read(2 * (max(starts) - min(starts) + context + 1))
            for b, start in enumerate(starts):
                data = span[2 * (start - min(starts)) : 2 * (start - min(starts) + context + 1)]
                ids = [data[i] + 256 * data[i + 1] for i in range(0, len(data), 2)]
                inputs[b] = torch.tensor(ids[:-1])
                targets[b] = torch.tensor(ids[1:])
        return inputs, targets

    def batch(self, size: int, context: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read windows at random positions."""
        if context < 1 or context >= self.n:
            raise ValueError("no window of this context fits into the file")
        generator = torch.Generator()
        generator.manual_seed(seed)
        starts = torch.randint(0, self.n - context, (size,), generator=generator)
        return self.windows(starts.tolist(), context)
