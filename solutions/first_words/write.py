"""Writing: a text drawn from a table of bigrams, one character after the other."""

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    """Write a text: draw each character at random from what followed the one before it.

    The text begins with ``start``. Then ``length`` characters are drawn, one after the other:
    after letters[i], the next character is letters[j] with the probability

        p(j | i) = (counts[i, j] + 1) / sum_k (counts[i, k] + 1)

    A draw depends on the character just before it, and on none of the earlier ones. One is
    added to each count, so that each letter can follow each other; where row i has only
    zeros, all V letters are equally probable.

    Args:
        counts: int64 tensor of shape (V, V), with numbers from 0 to 10^12: row i counts what
            followed letters[i], as in ``bigram``. It is not changed.
        letters: list of V different characters, V at least 1, in any order. It is not changed.
        start: one of the letters; any other string, also an empty one or one of several
            characters, raises ``ValueError``, also with length 0.
        length: how many characters are drawn, 0 or more.
        seed: an integer from 0 to 2^32 - 1. The same arguments give the same text. Another seed
            gives another text where chance decides, in 60 draws from equally probable letters
            for example.

    Returns:
        The text, a string of length + 1 characters: ``start`` and those that were drawn. The
        global random generators of Python, NumPy and PyTorch are afterwards as they were.

    >>> counts = torch.tensor([[0, 10**12], [10**12, 0]])  # after a nearly always b, after b a
    >>> write(counts, ["a", "b"], start="b", length=5, seed=0)
    'bababa'

    Source: Shannon, A Mathematical Theory of Communication, 1948, section 3.
    """
    if start not in letters:
        raise ValueError(f"{start!r} is none of the {len(letters)} letters")
    # A generator of its own: with PyTorch's, the text would depend on the rest of the program.
    generator = torch.Generator().manual_seed(seed)
    i = letters.index(start)
    text = start
    for _ in range(length):
        weights = (counts[i] + 1).double()  # multinomial divides by their sum
        i = int(torch.multinomial(weights, 1, generator=generator))
        text += letters[i]
    return text
