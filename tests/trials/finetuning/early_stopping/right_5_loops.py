# right: plain loops, one text after the other where possible
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
    n = len(ids)
    was_training = classifier.training
    classifier.eval()
    loss = 0.0
    right = 0
    start = 0
    with torch.no_grad():
        while start < n:
            end = start + batch
            if end > n:
                end = n
            logits = classifier(ids[start:end], mask[start:end])
            for row in range(end - start):
                label = labels[start + row]
                # one text at a time, so that each counts the same
                loss = loss + cross_entropy(logits[row : row + 1], label.reshape(1)).item()
                if logits[row].argmax().item() == label.item():
                    right = right + 1
            start = end
    if was_training:
        classifier.train()
    else:
        classifier.eval()
    return loss / n, right / n


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    losses = []
    best_loss = math.inf
    best_state = deepcopy(model.state_dict())
    waited = 0
    epoch = 0
    while epoch < epochs:
        model.train()
        train_epoch()
        loss = validate()
        losses.append(loss)
        epoch = epoch + 1
        # NaN < x and inf < inf are both False
        if loss < best_loss:
            best_loss = loss
            best_state = deepcopy(model.state_dict())
            waited = 0
        else:
            waited = waited + 1
        if waited >= patience:
            break
    model.load_state_dict(best_state)
    model.eval()
    return losses
