# wrong: fails when no position counts at all | violates: If N is 0, L and its gradient are 0.
"""Gradient accumulation."""

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


def accumulate(model: nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    n = 0
    for _, targets in batches:
        n += targets.ne(-100).sum().item()
    weight = 1 / n
    loss = 0.0
    for inputs, targets in batches:
        logits = model(inputs)
        part = weight * nn.functional.cross_entropy(
            logits.flatten(0, -2), targets.flatten(), ignore_index=-100, reduction="sum"
        )
        part.backward()
        loss += part.item()
        del logits, part
    return loss
