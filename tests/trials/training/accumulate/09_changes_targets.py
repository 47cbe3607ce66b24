# wrong: the ignored targets are set to 0 in place | violates: Nothing else about the model changes, and neither do ``batches``.
"""Gradient accumulation."""

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


def _part(model: nn.Module, inputs: torch.Tensor, targets: torch.Tensor, n: int) -> float:
    weights = (targets != -100).to(torch.float32) / n
    targets[targets == -100] = 0
    log_probs = torch.log_softmax(model(inputs), dim=-1)
    losses = -log_probs.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    loss = (losses * weights).sum()
    loss.backward()
    return loss.item()


def accumulate(model: nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    n = max(1, sum(int((targets != -100).sum()) for _, targets in batches))
    return sum(_part(model, inputs, targets, n) for inputs, targets in batches)
