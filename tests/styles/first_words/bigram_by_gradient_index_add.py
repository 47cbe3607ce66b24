"""Gradient descent over the pairs: a row of probabilities for each pair, added by index_add_."""

import torch


def fit(first, second, V, steps, rate):
    """Fit a table of logits to pairs by gradient descent."""
    table = torch.zeros((V, V), dtype=torch.float32)
    each = torch.arange(first.numel())
    history = []
    for _ in range(steps):
        rows = torch.softmax(table[first], dim=-1)
        history.append(float(-rows[each, second].log().mean()))
        rows[each, second] -= 1.0
        gradient = torch.zeros_like(table).index_add_(0, first, rows / first.numel())
        table = table - rate * gradient
    return table, torch.tensor(history)
