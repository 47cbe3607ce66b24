"""Bigram counts with NumPy, whose unique sorts and numbers the characters."""

import numpy as np
import torch


def bigram(text):
    """Count the pairs of neighbouring characters in a text."""
    codes = np.array([ord(letter) for letter in text], dtype=np.int64)
    known, ids = np.unique(codes, return_inverse=True)
    counts = np.zeros((len(known), len(known)), dtype=np.int64)
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    return [chr(code) for code in known], torch.from_numpy(counts)
