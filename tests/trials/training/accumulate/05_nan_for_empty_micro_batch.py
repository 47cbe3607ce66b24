# wrong: a micro-batch without counted positions gives 0/0, since its mean is taken | violates: Micro-batches may differ in their shapes and in how many positions count, which may be none.
"""Gradient accumulation."""

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


def accumulate(model: nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    counts = [int((targets != -100).sum()) for _, targets in batches]
    n = sum(counts)
    if n == 0:
        return 0.0
    total = 0.0
    for (inputs, targets), count in zip(batches, counts):
        logits = model(inputs)
        mean = nn.functional.cross_entropy(logits.flatten(0, -2), targets.flatten())
        loss = mean * count / n
        loss.backward()
        total += loss.item()
        del logits, mean, loss
    return total
