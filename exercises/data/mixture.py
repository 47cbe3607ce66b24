"""Mixtures: training examples drawn from several sources, in proportion to their weights."""

import random
from bisect import bisect
from itertools import accumulate
from typing import TypeVar

Item = TypeVar("Item")


def mixture_weights(sizes: list[int], alpha: float = 1.0) -> list[float]:
    """Return the probability of drawing from each source, computed from the sources' sizes.

    For sources of size n_i the probability of source i is

        p_i = n_i^alpha / sum_j n_j^alpha

    With ``alpha`` = 1 the probabilities are proportional to the sizes, with 0 they are equal,
    and in between small sources get more than in proportion to their size.

    Args:
        sizes: the size of each source, at least one size, each at least 1, else ``ValueError``;
            the list is not changed.
        alpha: the exponent, from 0 to 1.

    Returns:
        A new list with one float for each source, in the order of ``sizes``; they sum to 1 up
        to rounding.

    >>> mixture_weights([9, 1], 0.5)
    [0.75, 0.25]

    Source: Lample and Conneau, 2019, section 3.1 (alpha 0.5); Conneau et al., 2020, section 3.1
    (alpha 0.3, for a hundred languages).
    """
    raise NotImplementedError("write mixture_weights (about 4 lines)")


def mixture(sources: list[list[Item]], weights: list[float], count: int, seed: int) -> list[Item]:
    """Draw items from several sources, each source in proportion to its weight.

    Each draw chooses a source, source i with the probability

        weights_i / sum_j weights_j

    independently of the other draws. It takes the next item of that source, in the source's
    order and regardless of what was taken from the others. After its last item a source starts
    again with its first, and each call begins with the first item of each source. A source of
    weight 0 is never chosen, and only such a source may be empty.

    Args:
        sources: one list of items for each source; they are not changed.
        weights: one finite number for each source, at least 0, and at least one above 0. Their
            sum is finite and need not be 1. The list is not changed.
        count: the number of draws, 0 or more.
        seed: an integer, 0 or more, of any size (above 2^32 too). The same seed gives the same
            draws. Different seeds give different draws wherever chance decides: many draws from
            several sources differ. The global generators of ``random``, NumPy and PyTorch are
            neither used nor seeded.

    Returns:
        A new list of ``count`` items in the order of the draws.

    Raises:
        ValueError: if there are not as many weights as sources, if a weight is below 0, if none
            is above 0, or if a source with a weight above 0 is empty; also for ``count`` 0.

    >>> mixture([["a", "b", "c"], ["x"]], [2.0, 0.0], count=5, seed=0)
    ['a', 'b', 'c', 'a', 'b']

    Not to be used: a data library (``torch.utils.data`` among them). Source: Brown et al.,
    2020, section 2.2, table 2.2.
    """
    raise NotImplementedError("write mixture (about 15 lines)")
