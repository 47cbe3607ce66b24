"""The mean loss in plain Python: a dict, a loop and math.log."""

import math


def nats(counts, letters, text):
    """Return the mean loss of a bigram model on a text."""
    at = {letter: i for i, letter in enumerate(letters)}
    for letter in text:
        if letter not in at:
            raise ValueError(f"{letter!r} is unknown")
    if len(text) < 2:
        raise ValueError("no pair")
    table = counts.tolist()
    total = 0.0
    for p in range(1, len(text)):
        row = table[at[text[p - 1]]]
        total -= math.log((row[at[text[p]]] + 1) / (sum(row) + len(letters)))
    return total / (len(text) - 1)
