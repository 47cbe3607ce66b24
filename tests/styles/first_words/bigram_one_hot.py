"""Bigram counts as a product of one-hot matrices, transposed views included."""

import torch


def bigram(text):
    """Count the pairs of neighbouring characters in a text."""
    letters = sorted({*text})
    codes = torch.tensor(list(map(ord, text)), dtype=torch.long)
    known = torch.tensor(list(map(ord, letters)), dtype=torch.long)
    hot = (codes[:, None] == known[None]).double()  # (n, V)
    return letters, (hot[1:].T @ hot[:-1]).T.round().long()
