# wrong: only floating-point tensors are copied; integer buffers (num_batches_tracked) keep the last epoch's values | violates: "everything in ``model.state_dict()``, parameters and buffers, has the values that it had at the end of the best epoch"
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
    training = classifier.training
    classifier.eval()
    n, loss, correct = len(ids), 0.0, 0
    with torch.no_grad():
        for s in range(0, n, batch):
            logits = classifier(ids[s : s + batch], mask[s : s + batch])
            here = labels[s : s + batch]
            loss += cross_entropy(logits, here).item() * len(here) / n
            correct += sum((logits.argmax(-1) == here).tolist())
    classifier.train(training)
    return loss, correct / n


def copy_of(model: nn.Module) -> dict:
    copied = model.state_dict()
    for name, value in copied.items():
        if not torch.is_tensor(value):
            copied[name] = deepcopy(value)
        elif value.is_floating_point():
            copied[name] = value.clone()
    return copied


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    losses = []
    best_loss, best_at, best = math.inf, -1, copy_of(model)
    for epoch in range(epochs):
        model.train()
        train_epoch()
        loss = validate()
        losses.append(loss)
        if loss < best_loss:
            best_loss, best_at, best = loss, epoch, copy_of(model)
        if epoch - best_at == patience:
            break
    model.load_state_dict(best)
    model.eval()
    return losses
