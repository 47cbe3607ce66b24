# right: plain loops, everything spelled out
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable

import torch
from torch import nn


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    modes = []
    for module in classifier.modules():
        modes.append((module, module.training))
    classifier.eval()
    total = 0.0
    right = 0
    with torch.no_grad():
        for start in range(0, len(labels), batch):
            end = start + batch
            logits = classifier(ids[start:end], mask[start:end])
            wanted = labels[start:end]
            total += nn.functional.cross_entropy(logits, wanted, reduction="sum").item()
            right += (logits.argmax(dim=1) == wanted).sum().item()
    for module, training in modes:
        module.training = training
    return total / len(labels), right / len(labels)


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch."""
    best_values = {}
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        best_values[name] = tensor.detach().clone()
    best_loss = math.inf
    not_better = 0
    losses = []
    for _ in range(epochs):
        model.train()
        train_epoch()
        loss = float(validate())
        losses.append(loss)
        if math.isfinite(loss) and loss < best_loss:
            best_loss = loss
            not_better = 0
            for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
                best_values[name] = tensor.detach().clone()
        else:
            not_better += 1
            if not_better == patience:
                break
    with torch.no_grad():
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
            tensor.copy_(best_values[name])
    model.eval()
    return losses
