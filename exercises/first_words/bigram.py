"""Bigrams: how often each character of a text is followed by each other one."""

import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    """Count the pairs of neighbouring characters in a text.

    ``letters`` are the different characters of the text, in order, and

        counts[i, j] = the number of positions in the text that have letters[i],
                       with letters[j] at the next position

    Row i belongs to the first character of a pair, column j to the second. Pairs overlap: "aaa"
    has the pair "aa" twice. Nothing follows the last character: a text of n characters, 1 or more,
    has n - 1 pairs. Every character counts, and only as itself: spaces, line ends and punctuation
    too; "a" and "A" are two characters.

    Args:
        text: any string, also one of a single character, or an empty one.

    Returns:
        A tuple of two, both new in each call:

        - letters: a list of V strings, each of one character and each once, in the order of
          ``sorted``; V is the number of different characters in the text.
        - counts: a tensor of shape (V, V) and dtype int64. That of an empty text has the shape
          (0, 0).

    >>> letters, counts = bigram("abab")
    >>> letters
    ['a', 'b']
    >>> counts
    tensor([[0, 2],
            [1, 0]])

    Source: Shannon, A Mathematical Theory of Communication, 1948, section 3.
    """
    raise NotImplementedError("write bigram (about 6 lines)")
