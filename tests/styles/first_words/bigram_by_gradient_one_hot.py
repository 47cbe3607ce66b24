"""Gradient descent with products of one-hot matrices, in float64 inside."""

import torch
from torch.nn.functional import one_hot


def fit(first, second, V, steps, rate):
    """Fit a table of logits to pairs by gradient descent."""
    came, came_next = one_hot(first, V).double(), one_hot(second, V).double()
    table, losses = torch.zeros(V, V, dtype=torch.float64), []
    for _ in range(steps):
        log_p = torch.log_softmax(came @ table, dim=1)
        losses.append(-(log_p * came_next).sum(dim=1).mean().item())
        table -= rate * (came.T @ (log_p.exp() - came_next)) / len(first)
    return table.float(), torch.tensor(losses)
