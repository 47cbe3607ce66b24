# right: vectorised, whole tensors with split, cat, gather, pad_sequence
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable

import torch
from torch import nn


def _tensors(model: nn.Module) -> list[torch.Tensor]:
    return [*model.parameters(), *model.buffers()]


def _copies(model: nn.Module) -> list[torch.Tensor]:
    return [tensor.detach().clone() for tensor in _tensors(model)]


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    modes = {module: module.training for module in classifier.modules()}
    classifier.eval()
    with torch.no_grad():
        pairs = zip(ids.split(batch), mask.split(batch), strict=True)
        logits = torch.cat([classifier(*pair) for pair in pairs])
    for module, mode in modes.items():
        module.training = mode
    losses = logits.logsumexp(dim=1) - logits.gather(1, labels[:, None])[:, 0]
    return losses.mean().item(), (logits.argmax(dim=1) == labels).float().mean().item()


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch."""
    losses: list[float] = []
    best, best_epoch, kept = math.inf, 0, _copies(model)
    for epoch in range(1, epochs + 1):
        model.train()
        train_epoch()
        losses.append(float(validate()))
        if math.isfinite(losses[-1]) and losses[-1] < best:
            best, best_epoch, kept = losses[-1], epoch, _copies(model)
        if epoch == best_epoch + patience:
            break
    with torch.no_grad():
        for tensor, value in zip(_tensors(model), kept, strict=True):
            tensor.copy_(value)
    model.eval()
    return losses
