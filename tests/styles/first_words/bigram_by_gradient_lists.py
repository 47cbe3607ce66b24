"""Gradient descent in plain Python: lists, loops and math."""

import math

import torch


def fit(first, second, V, steps, rate):
    """Fit a table of logits to pairs by gradient descent."""
    pairs = list(zip(first.tolist(), second.tolist(), strict=True))
    logits = [[0.0] * V for _ in range(V)]
    losses = []
    for _ in range(steps):
        p = []
        for row in logits:
            powers = [math.exp(x) for x in row]
            p.append([power / sum(powers) for power in powers])
        losses.append(sum(-math.log(p[i][j]) for i, j in pairs) / len(pairs))
        gradient = [[0.0] * V for _ in range(V)]
        for i, j in pairs:
            for k in range(V):
                gradient[i][k] += (p[i][k] - (k == j)) / len(pairs)
        for i in range(V):
            for k in range(V):
                logits[i][k] -= rate * gradient[i][k]
    return torch.tensor(logits), torch.tensor(losses)
