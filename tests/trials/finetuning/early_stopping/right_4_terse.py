# right: terse
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
    def state():
        return {**dict(model.named_parameters()), **dict(model.named_buffers())}

    losses, best, since = [], math.inf, 0
    kept = {k: v.detach().clone() for k, v in state().items()}
    while len(losses) < epochs and since < patience:
        model.train(), train_epoch()
        losses.append(loss := float(validate()))
        since += 1
        if -math.inf < loss < best:
            best, since, kept = loss, 0, {k: v.detach().clone() for k, v in state().items()}
    with torch.no_grad():
        [v.copy_(kept[k]) for k, v in state().items()]
    model.eval()
    return losses
