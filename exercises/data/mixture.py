"""Mixtures: several sources become one stream, each with a share of its own."""

import random
from bisect import bisect
from itertools import accumulate
from typing import TypeVar

Item = TypeVar("Item")


def mixture_weights(sizes: list[int], alpha: float = 1.0) -> list[float]:
    """Say what share of the draws each source gets, from the sizes of all.

    For sources of n_i tokens the share of source i is

        p_i = n_i^alpha / sum_j n_j^alpha

    With ``alpha`` = 1 every source has its natural share, with 0 all have the same, and
    between them small sources get more than their size would give them.

    Args:
        sizes: how much each source holds, one number or more, each at least 1, else
            ``ValueError``; the list stays as it was.
        alpha: from 0 to 1.

    Returns:
        A new list with one float for each source; they sum to 1.

    >>> mixture_weights([9, 1], 0.5)
    [0.75, 0.25]

    Source: Conneau et al., 2020, section 3.1, who use 0.3 for a hundred languages.
    """
    raise NotImplementedError("write mixture_weights (about 4 lines)")


def mixture(sources: list[list[Item]], weights: list[float], count: int, seed: int) -> list[Item]:
    """Draw items from several sources, each as often as its weight says.

    For each draw one source is chosen: source i with the probability

        weights_i / sum_j weights_j

    whatever was chosen before. The draw takes the item of that source that comes next in its
    order, whatever was taken from the others. A source that is used up begins again with its
    first item. A source of weight 0 is never chosen, and it alone may be empty.

    Args:
        sources: one list of items for each source; they stay as they were.
        weights: one number for each source, none below 0 and one at least above; they need
            not sum to 1, and stay as they were.
        count: how many items to draw, 0 or more.
        seed: a whole number. The same seed gives the same draws, another seed others; the
            global generators of ``random``, NumPy and PyTorch are left as they are.

    Returns:
        A list of ``count`` items in the order of the draws.

    Raises:
        ValueError: when there are not as many weights as sources, when a weight is below 0,
            when none is above 0, or when a source with a weight above 0 is empty.

    >>> mixture([["a", "b", "c"], ["x"]], [2.0, 0.0], count=5, seed=0)
    ['a', 'b', 'c', 'a', 'b']

    Not to be used: a data library (``torch.utils.data`` among them). Source: Brown et al.,
    2020, section 2.2, table 2.2.
    """
    raise NotImplementedError("write mixture (about 15 lines)")
