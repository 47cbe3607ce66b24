"""What the checks of this unit have in common."""

from itertools import pairwise
from pathlib import Path

import torch

SHAKESPEARE = Path(__file__).parents[1] / "data" / "shakespeare.txt"


def read_plays():
    """Return the text of Shakespeare's plays and sonnets, 1,131,819 characters."""
    return SHAKESPEARE.read_text("utf-8")


def count_pairs(text, letters):
    """Return how often each letter follows each other one, counted pair by pair."""
    number = {letter: i for i, letter in enumerate(letters)}
    rows = [[0] * len(letters) for _ in letters]
    for first, second in pairwise(text):
        rows[number[first]][number[second]] += 1
    return torch.tensor(rows, dtype=torch.int64).reshape(len(letters), len(letters))
