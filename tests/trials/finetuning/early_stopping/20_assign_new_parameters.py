# wrong: load_state_dict(assign=True) puts new Parameter objects into the model | violates: "The parameters remain the same objects."
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
    old_mode = classifier.training
    classifier.eval()
    results = []
    with torch.no_grad():
        for k in range(math.ceil(len(ids) / batch)):
            part = slice(k * batch, (k + 1) * batch)
            logits = classifier(ids[part], mask[part])
            size = len(logits)
            mean_loss = cross_entropy(logits, labels[part]).item()
            hits = (logits.argmax(dim=1) == labels[part]).sum().item()
            results.append((mean_loss * size, hits))
    classifier.train(old_mode)
    return sum(r[0] for r in results) / len(ids), sum(r[1] for r in results) / len(ids)


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    losses = []
    best = (math.inf, deepcopy(model.state_dict()))
    stale = 0
    for _ in range(epochs):
        model.train()
        train_epoch()
        loss = validate()
        losses.append(loss)
        if loss < best[0]:
            best = (loss, deepcopy(model.state_dict()))
            stale = 0
            continue
        stale += 1
        if stale >= patience:
            break
    model.load_state_dict(best[1], assign=True)
    model.eval()
    return losses
