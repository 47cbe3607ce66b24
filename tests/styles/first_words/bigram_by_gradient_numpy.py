"""Gradient descent with NumPy, row by row of the table."""

import numpy as np
import torch


def fit(first, second, V, steps, rate):
    """Fit a table of logits to pairs by gradient descent."""
    rows, columns = first.numpy(), second.numpy()
    table = np.zeros((V, V))
    losses = []
    for _ in range(steps):
        step, loss = np.zeros((V, V)), 0.0
        for i in set(rows.tolist()):
            p = np.exp(table[i]) / np.exp(table[i]).sum()
            after = columns[rows == i]
            loss -= np.log(p[after]).sum()
            step[i] = p * len(after) - np.bincount(after, minlength=V)
        losses.append(float(loss / len(rows)))
        table = table - rate / len(rows) * step
    return torch.from_numpy(table.astype(np.float32)), torch.tensor(losses)
