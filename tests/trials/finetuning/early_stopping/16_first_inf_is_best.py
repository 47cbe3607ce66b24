# wrong: NaN is refused, but an infinite loss of the first epochs is taken as the best | violates: "An epoch with a loss of infinity or NaN is never the best one."
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable
from copy import deepcopy

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    mode_before = classifier.training
    classifier.eval()
    with torch.no_grad():
        outputs = [
            classifier(ids[s : s + batch], mask[s : s + batch]) for s in range(0, len(ids), batch)
        ]
        logits = torch.cat(outputs)
        loss = cross_entropy(logits, labels).item()
        accuracy = (logits.argmax(-1) == labels).float().mean().item()
    classifier.train(mode_before)
    return loss, accuracy


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    losses: list[float] = []
    best_state = deepcopy(model.state_dict())
    best_loss: float | None = None
    without_best = 0
    for _ in range(epochs):
        model.train()
        train_epoch()
        loss = validate()
        losses.append(loss)
        if math.isnan(loss):
            without_best += 1
        elif best_loss is None or loss < best_loss:
            best_loss = loss
            best_state = deepcopy(model.state_dict())
            without_best = 0
        else:
            without_best += 1
        if without_best >= patience:
            break
    model.load_state_dict(best_state)
    model.eval()
    return losses
