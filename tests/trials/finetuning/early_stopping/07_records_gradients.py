# wrong: no torch.no_grad around the calls, the logits are only detached afterwards | violates: "They are computed in evaluation mode and without recording gradients."
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable

import torch
from torch import nn


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    before = {module: module.training for module in classifier.modules()}
    classifier.eval()
    outputs = []
    for start in range(0, len(labels), batch):
        part = slice(start, start + batch)
        outputs.append(classifier(ids[part], mask[part]).detach())
    for module, training in before.items():
        module.training = training
    logits = torch.cat(outputs)
    loss = nn.functional.cross_entropy(logits, labels)
    accuracy = (logits.argmax(dim=1) == labels).float().mean()
    return loss.item(), accuracy.item()


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
