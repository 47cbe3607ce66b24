"""Token files: tokens on disk, more than fit in memory, read window by window."""

import numpy as np
import torch


def write_tokens(tokens: list[int], path: str) -> None:
    """Write tokens to a file that ``TokenFile`` can read.

    The file contains the tokens in order and nothing else, each as an unsigned 16-bit integer,
    low byte first (little-endian): 258 = 1 * 256 + 2 is ``02 01``.

    Args:
        tokens: at least one id, each from 0 to 65,535, else ``ValueError``; then nothing is
            written, and an existing file is not changed.
        path: the file to write; an existing file is replaced.
    """
    if not tokens or min(tokens) < 0 or max(tokens) > 65_535:
        raise ValueError("a token file holds one id or more, each from 0 to 65,535")
    np.array(tokens, dtype="<u2").tofile(path)


class TokenFile:
    """A token file, of which windows are read without loading the rest.

    Notation: number of tokens in the file n, batch size B, context length T.

    Memory use does not grow with the file: with a limit of 256 MiB on additional private memory,
    a file of 1 GiB is opened and read. A read-only or shared memory map does not count against
    the limit; a private, writable one counts in full. ``write_tokens`` has no limit, as its list
    is in memory anyway. The file is never changed; in which mode it is opened is free. Several
    token files may be open together.

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "tokens.bin")
    >>> write_tokens([3, 1, 4, 1, 5, 9], path)
    >>> len(TokenFile(path))
    6
    >>> TokenFile(path).windows([0, 2], 3)[1]
    tensor([[1, 4, 1],
            [1, 5, 9]])

    Not to be used: a data library (``torch.utils.data`` among them). Source: Karpathy's
    nanoGPT, ``get_batch`` in ``train.py``.
    """

    def __init__(self, path: str) -> None:
        """Open a file that ``write_tokens`` wrote.

        Args:
            path: the file. An empty file, or one with an odd number of bytes, is not a token
                file: ``ValueError``.
        """
        # A memory map: the file is used like an array, and the operating system loads a page of
        # it only when an element on that page is accessed.
        self._tokens = np.memmap(path, dtype="<u2", mode="r")

    def __len__(self) -> int:
        """Return n, the number of tokens in the file."""
        return len(self._tokens)

    def windows(self, starts: list[int], context: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read the window at each start, with its targets.

        For t from 0 to T - 1, inputs[b, t] is token starts[b] + t of the file, and
        targets[b, t] is token starts[b] + t + 1, as in ``sliding_window``.

        Args:
            starts: B positions in the file, in any order, also the same twice. B is at least 1,
                and each start is at least 0 and below n - T, so that inputs and targets lie in
                the file; else ``ValueError``.
            context: the context length T, at least 1, else ``ValueError``.

        Returns:
            (inputs, targets), a tuple of two new int64 tensors of shape (B, T), which may be
            views of one tensor; changing them changes no other result.
        """
        if context < 1:
            raise ValueError(f"a window has at least 1 token, not {context}")
        if min(starts) < 0 or max(starts) >= len(self) - context:
            raise ValueError(f"a window of {context} begins at 0 to {len(self) - context - 1}")
        places = np.array(starts)[:, None] + np.arange(context)  # (B, T)
        read = (self._tokens[at] for at in (places, places + 1))
        # Converted to int64 only here, for the few tokens that were read. As int16 the ids above
        # 32,767 would be negative.
        inputs, targets = (torch.from_numpy(part.astype(np.int64)) for part in read)
        return inputs, targets

    def batch(self, size: int, context: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read windows at random positions.

        Each row's start is drawn independently and uniformly from 0 to n - T - 1. The same seed
        gives the same batch. Different seeds give different draws: with many possible starts,
        the batches differ. The global generators of PyTorch, NumPy and ``random`` are neither
        used nor seeded.

        Args:
            size: the batch size B, at least 1; no other is passed.
            context: the context length T, at least 1 and below n, else ``ValueError``.
            seed: an integer from 0 to 2^32 - 1.

        Returns:
            (inputs, targets) of the windows, as from ``windows``.
        """
        if context >= len(self):
            raise ValueError(f"{len(self)} tokens hold no window of {context} and its targets")
        generator = torch.Generator().manual_seed(seed)
        starts = torch.randint(len(self) - context, (size,), generator=generator)
        return self.windows(starts.tolist(), context)
