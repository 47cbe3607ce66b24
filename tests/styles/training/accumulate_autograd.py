"""Accumulation with torch.autograd.grad, and gradients added by hand."""

import torch

from exercises.training.cross_entropy import cross_entropy


def accumulate(model, batches):
    """Return the loss of the large batch."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    sums = [torch.zeros_like(p) for p in parameters]
    positions, total = 0, 0.0
    for inputs, targets in batches:
        n = torch.count_nonzero(targets != -100).item()
        loss = n * cross_entropy(model(inputs), targets)
        for one, gradient in zip(sums, torch.autograd.grad(loss, parameters), strict=True):
            one += gradient
        positions, total = positions + n, total + loss.item()
    for p, one in zip(parameters, sums, strict=True):
        share = one / max(positions, 1)
        p.grad = share if p.grad is None else p.grad + share
    return total / max(positions, 1)
