"""Token files: a text larger than memory, read where it lies."""

import numpy as np
import torch


def write_tokens(tokens: list[int], path: str) -> None:
    """Write tokens to a file that ``TokenFile`` can read.

    The file holds one token after the other and nothing else. Each takes two bytes, as an
    unsigned 16-bit integer with its low byte first: 258 = 1 * 256 + 2 is ``02 01``.

    Args:
        tokens: ids from 0 to 65,535, at least one of them, else ``ValueError``; no file is
            written then, and one that is there stays as it was.
        path: where to write; a file that is there is replaced.
    """
    raise NotImplementedError("write write_tokens (about 3 lines)")


class TokenFile:
    """A file of tokens, of which windows are read without reading the rest.

    The memory that it takes does not grow with the file: a file of 1 GiB is opened and read
    with 256 MiB to spare. A memory map of the file that is read-only or shared takes none; a
    private one that may be written counts in full. The file is never changed.

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
        """Open a file as ``write_tokens`` makes it.

        Args:
            path: where the file lies. A file without a byte, or with an odd number of them, is
                no token file: ``ValueError``.
        """
        raise NotImplementedError("write TokenFile.__init__ (about 1 line)")

    def __len__(self) -> int:
        """Count the tokens in the file, n."""
        raise NotImplementedError("write TokenFile.__len__ (about 1 line)")

    def windows(self, starts: list[int], context: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read the window at each start, and the tokens that follow its tokens.

        For T = ``context``, row b is inputs[b, t] = token starts[b] + t of the file, and
        targets[b, t] = token starts[b] + t + 1, as in ``sliding_window``.

        Args:
            starts: B places in the file, at least one, in any order; each at least 0 and
                below n - T, so that inputs and targets lie in the file, else ``ValueError``.
            context: tokens in a window, T, at least 1.

        Returns:
            (inputs, targets), two int64 tensors of shape (B, T).
        """
        raise NotImplementedError("write TokenFile.windows (about 6 lines)")

    def batch(self, size: int, context: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Read windows at random places.

        Each row's start is drawn from 0 to n - T - 1, all of them equally likely, whatever was
        drawn for the other rows. The same seed gives the same batch, another seed another one;
        the global generators of PyTorch, NumPy and ``random`` are left as they are.

        Args:
            size: windows to draw, B, at least 1.
            context: tokens in a window, T, at least 1 and below n, else ``ValueError``.
            seed: a whole number from 0 on.

        Returns:
            (inputs, targets) of the windows, as from ``windows``.
        """
        raise NotImplementedError("write TokenFile.batch (about 5 lines)")
