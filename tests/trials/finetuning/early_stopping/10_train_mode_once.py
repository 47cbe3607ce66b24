# wrong: sets the training mode once before the loop, not again after validate | violates: "The model is in training mode whenever ``train_epoch`` is called, whatever its mode was before, and it is in evaluation mode when the function returns."
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable

import torch
from torch import nn


class _Evaluating:
    """A block in which a module is in evaluation mode, and nothing records gradients."""

    def __init__(self, module: nn.Module):
        self.module = module
        self.no_grad = torch.no_grad()

    def __enter__(self) -> nn.Module:
        self.modes = {part: part.training for part in self.module.modules()}
        self.module.eval()
        self.no_grad.__enter__()
        return self.module

    def __exit__(self, *error: object) -> None:
        self.no_grad.__exit__(*error)
        for part, training in self.modes.items():
            part.training = training


def _tensors(model: nn.Module) -> list[torch.Tensor]:
    return [*model.parameters(), *model.buffers()]


def _copies(model: nn.Module) -> list[torch.Tensor]:
    return [tensor.detach().clone() for tensor in _tensors(model)]


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    loss = hits = 0.0
    with _Evaluating(classifier) as judge:
        for rows in torch.arange(len(labels)).split(batch):
            scores = judge(ids[rows], mask[rows]).log_softmax(dim=-1)
            loss -= scores[torch.arange(len(rows)), labels[rows]].sum().item()
            hits += (scores.argmax(dim=-1) == labels[rows]).sum().item()
    return loss / len(labels), hits / len(labels)


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch."""
    best_loss = math.inf
    best = _copies(model)
    losses = []
    stale = 0
    model.train()
    for _ in range(epochs):
        train_epoch()
        losses.append(float(validate()))
        if math.isfinite(losses[-1]) and losses[-1] < best_loss:
            best_loss = losses[-1]
            best = _copies(model)
            stale = 0
            continue
        stale += 1
        if stale == patience:
            break
    with torch.no_grad():
        for tensor, value in zip(_tensors(model), best, strict=True):
            tensor.copy_(value)
    model.eval()
    return losses
