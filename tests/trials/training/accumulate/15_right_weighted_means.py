# right: cross_entropy of each micro-batch with the weight count / N
"""Gradient accumulation."""

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


def accumulate(model: nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    counts = [(targets != -100).sum().item() for _, targets in batches]
    n = sum(counts)
    total = 0.0
    for (inputs, targets), count in zip(batches, counts):
        if count == 0:
            continue
        loss = cross_entropy(model(inputs), targets) * (count / n)
        if loss.requires_grad:
            loss.backward()
        total += loss.item()
        del loss
    return total
