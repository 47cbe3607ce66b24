# right: log_softmax on the counted positions and torch.autograd.grad
"""Gradient accumulation."""

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


def _counted(targets: torch.Tensor) -> int:
    return int(torch.count_nonzero(targets != -100))


def _loss_and_gradients(model, parameters, inputs, targets):
    """The sum of the losses of one micro-batch, and its gradients."""
    logits = model(inputs)
    mask = targets != -100
    log_probs = torch.log_softmax(logits[mask], dim=-1)
    loss = -log_probs.gather(-1, targets[mask].unsqueeze(-1)).sum()
    if not parameters or not loss.requires_grad:
        return loss.item(), [None] * len(parameters)
    return loss.item(), torch.autograd.grad(loss, parameters, allow_unused=True)


def accumulate(model: nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    parameters = [p for p in model.parameters() if p.requires_grad]
    n = max(1, sum(_counted(targets) for _, targets in batches))
    result = 0.0
    for inputs, targets in batches:
        loss, gradients = _loss_and_gradients(model, parameters, inputs, targets)
        result += loss / n
        for p, g in zip(parameters, gradients):
            if g is not None:
                p.grad = g / n if p.grad is None else p.grad + g / n
    return result
