# wrong: eval() is taken to switch gradients off; no no_grad | violates: "They are computed in evaluation mode and without recording gradients."
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
    was_training = classifier.training
    classifier.eval()  # no dropout, no gradients
    count = len(labels)
    loss = accuracy = 0.0
    for a in range(0, count, batch):
        b = min(a + batch, count)
        logits = classifier(ids[a:b], mask[a:b])
        share = (b - a) / count
        loss += cross_entropy(logits, labels[a:b]).item() * share
        accuracy += (logits.argmax(dim=1) == labels[a:b]).float().mean().item() * share
    if was_training:
        classifier.train()
    return loss, accuracy


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    def snapshot():
        return deepcopy(model.state_dict())

    kept = snapshot()
    best = math.inf
    since = 0
    losses = []
    for _epoch in range(epochs):
        model.train()
        train_epoch()
        losses.append(validate())
        since += 1
        if losses[-1] < best:
            best = losses[-1]
            kept = snapshot()
            since = 0
        if since >= patience:
            break
    model.load_state_dict(kept)
    model.eval()
    return losses
