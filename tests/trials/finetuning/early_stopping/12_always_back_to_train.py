# wrong: measure always switches to training mode at the end | violates: "Afterwards it is in the mode in which it was before"
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
    classifier.eval()
    n = ids.shape[0]
    total_loss = 0.0
    correct = 0
    i = 0
    while i < n:
        x, m, y = ids[i : i + batch], mask[i : i + batch], labels[i : i + batch]
        out = classifier(x, m)
        total_loss += float(cross_entropy(out, y)) * len(y)
        correct += int((out.argmax(1) == y).sum())
        i += batch
    classifier.train()  # ready for the next epoch
    return total_loss / n, correct / n


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    history: list[float] = []
    best = deepcopy(model.state_dict())
    best_epoch, lowest = 0, math.inf
    for epoch in range(1, epochs + 1):
        model.train()
        train_epoch()
        history.append(float(validate()))
        if history[-1] < lowest:
            lowest, best_epoch = history[-1], epoch
            best = deepcopy(model.state_dict())
        if epoch - best_epoch >= patience:
            break
    model.load_state_dict(best)
    model.eval()
    return history
