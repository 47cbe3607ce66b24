# wrong: the loss is the mean of the batches' means (the accuracy is right) | violates: "In both, each text counts the same."
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable

import torch
from torch import nn


class _Checkpoint:
    """A copy of all parameters and buffers of a module, those included that no state dict has."""

    def __init__(self, module: nn.Module):
        self.module = module
        self.save()

    def _tensors(self) -> dict[str, torch.Tensor]:
        return {**dict(self.module.named_parameters()), **dict(self.module.named_buffers())}

    def save(self) -> None:
        self.values = {name: t.detach().clone() for name, t in self._tensors().items()}

    @torch.no_grad()
    def restore(self) -> None:
        for name, tensor in self._tensors().items():
            tensor.copy_(self.values[name])


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    modes = [(module, module.training) for module in classifier.modules()]
    classifier.eval()
    losses, correct = [], 0
    with torch.no_grad():
        for i in range(0, len(ids), batch):
            y = labels[i : i + batch]
            logits = classifier(ids[i : i + batch], mask[i : i + batch])
            losses.append(nn.functional.cross_entropy(logits, y).item())
            correct += int((logits.argmax(dim=1) == y).sum())
    for module, training in modes:
        module.training = training
    return sum(losses) / len(losses), correct / len(ids)


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch."""
    checkpoint = _Checkpoint(model)
    lowest = math.inf
    history: list[float] = []
    waiting = 0
    while len(history) < epochs and waiting < patience:
        model.train()
        train_epoch()
        history.append(float(validate()))
        waiting += 1
        if math.isfinite(history[-1]) and history[-1] < lowest:
            lowest, waiting = history[-1], 0
            checkpoint.save()
    checkpoint.restore()
    model.eval()
    return history
