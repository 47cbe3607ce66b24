"""Bigram counts in plain loops: lists of lists, made a tensor at the end."""

import torch


def bigram(text):
    """Count the pairs of neighbouring characters in a text."""
    letters = []
    for letter in text:
        if letter not in letters:
            letters.append(letter)
    letters.sort()
    counts = torch.zeros((len(letters), len(letters)), dtype=torch.long)
    for p in range(len(text) - 1):
        i = letters.index(text[p])
        j = letters.index(text[p + 1])
        counts[i][j] += 1
    return letters, counts
