"""Bigram counts with a Counter of pairs, from which the table is filled."""

from collections import Counter

import torch


def bigram(text):
    """Count the pairs of neighbouring characters in a text."""
    pairs = Counter(zip(text, text[1:]))  # noqa: B905, RUF007
    letters = sorted(Counter(text))
    counts = torch.empty(len(letters), len(letters), dtype=torch.int64)
    for i, first in enumerate(letters):
        for j, second in enumerate(letters):
            counts[i, j] = pairs[first, second]
    return letters, counts
