# wrong: keeps and restores only the parameters, not the buffers | violates: "Afterwards everything in ``model.state_dict()``, parameters and buffers, has the values that it had at the end of the best epoch"
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def _eval_mode(module):
    before = [(m, m.training) for m in module.modules()]
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for m, training in before:
            m.training = training


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    with _eval_mode(classifier):
        z = torch.cat([classifier(i, m) for i, m in zip(ids.split(batch), mask.split(batch))])
        loss = nn.functional.cross_entropy(z, labels)
    return loss.item(), (z.argmax(-1) == labels).float().mean().item()


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch."""
    best = [parameter.detach().clone() for parameter in model.parameters()]
    best_loss, waited = math.inf, 0
    losses = []
    for _ in range(epochs):
        model.train()
        train_epoch()
        loss = float(validate())
        losses.append(loss)
        if math.isfinite(loss) and loss < best_loss:
            best = [parameter.detach().clone() for parameter in model.parameters()]
            best_loss, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            break
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), best):
            parameter.copy_(value)
    model.eval()
    return losses
