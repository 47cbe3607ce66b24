# wrong: an epoch has to be better by 1e-3 (a "min_delta") to be a new best one | violates: "The best epoch is the one with the lowest validation loss"
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable
from copy import deepcopy

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


MIN_DELTA = 1e-3


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    is_training = classifier.training
    classifier.eval()
    loss = 0.0
    right = 0
    with torch.inference_mode():
        for start in range(0, len(labels), batch):
            end = start + batch
            target = labels[start:end]
            logits = classifier(ids[start:end], mask[start:end])
            loss += len(target) * cross_entropy(logits, target).item()
            right += torch.count_nonzero(logits.argmax(-1) == target).item()
    classifier.train(is_training)
    return loss / len(labels), right / len(labels)


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    best_loss = math.inf
    best_state = deepcopy(model.state_dict())
    patience_left = patience
    losses = []
    for _ in range(epochs):
        model.train()
        train_epoch()
        losses.append(validate())
        # tiny improvements are only noise
        if losses[-1] < best_loss - MIN_DELTA:
            best_loss = losses[-1]
            best_state = deepcopy(model.state_dict())
            patience_left = patience
        else:
            patience_left -= 1
        if patience_left == 0:
            break
    model.load_state_dict(best_state)
    model.eval()
    return losses
