"""The mean loss as a weighted sum over the table, with the text's own counts as weights."""

from collections import Counter
from itertools import pairwise

import torch


def nats(counts, letters, text):
    """Return the mean loss of a bigram model on a text."""
    pairs = Counter(pairwise(text))
    if not pairs or any(letter not in letters for letter in text):
        raise ValueError("no pair, or an unknown character")
    seen = torch.zeros(counts.shape, dtype=torch.float64)
    for (first, second), times in pairs.items():
        seen[letters.index(first), letters.index(second)] = times
    log_p = torch.log1p(counts.double()) - torch.log((counts + 1).sum(-1, True).double())
    return float(-(seen * log_p).sum() / seen.sum())
