# wrong: patience is counted only after there is a best epoch, so NaN from the start runs all epochs | violates: "Epochs before the first best one count as well."
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable
from copy import deepcopy

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


@torch.no_grad()
def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    before = classifier.training
    classifier.eval()
    total, correct = 0.0, 0
    for i, m, y in zip(ids.split(batch), mask.split(batch), labels.split(batch), strict=True):
        logits = classifier(i, m)
        total += cross_entropy(logits, y).item() * len(y)
        correct += (logits.argmax(dim=-1) == y).sum().item()
    classifier.train(before)
    return total / len(labels), correct / len(labels)


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    losses: list[float] = []
    best_epoch = None
    best_state = deepcopy(model.state_dict())
    for epoch in range(epochs):
        model.train()
        train_epoch()
        losses.append(validate())
        if math.isfinite(losses[epoch]) and (
            best_epoch is None or losses[epoch] < losses[best_epoch]
        ):
            best_epoch = epoch
            best_state = deepcopy(model.state_dict())
        if best_epoch is not None and epoch - best_epoch >= patience:
            break
    model.load_state_dict(best_state)
    model.eval()
    return losses
