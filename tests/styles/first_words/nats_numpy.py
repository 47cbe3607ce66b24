"""The mean loss with NumPy."""

import numpy as np


def nats(counts, letters, text):
    """Return the mean loss of a bigram model on a text."""
    if len(text) <= 1:
        raise ValueError("a text needs two characters")
    try:
        ids = np.array(list(map({c: i for i, c in enumerate(letters)}.__getitem__, text)))
    except KeyError as error:
        raise ValueError("unknown character") from error
    table = counts.numpy() + 1
    p = table / table.sum(axis=1)[:, None]
    return float(np.mean(-np.log(p[ids[:-1], ids[1:]])))
