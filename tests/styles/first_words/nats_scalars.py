"""The mean loss with tensors of one number each, in float32, pair by pair."""

from itertools import pairwise

import torch


def nats(counts, letters, text):
    """Return the mean loss of a bigram model on a text."""
    if len(text) < 2:
        raise ValueError("too short")
    ids = [letters.index(letter) for letter in text]
    smoothed = counts + 1
    sums = smoothed.sum(dim=1)
    total = 0.0
    for i, j in pairwise(ids):
        total += -torch.log(smoothed[i, j] / sums[i]).item()
    return total / (len(ids) - 1)
