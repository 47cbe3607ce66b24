# right: own helper classes for seeds, modes, checkpoint and trainer
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable

import torch
from torch import nn


class _Evaluating:
    """A block in which a module is in evaluation mode, and nothing records gradients."""

    def __init__(self, module: nn.Module):
        self.module = module
        self.no_grad = torch.no_grad()

    def __enter__(self) -> nn.Module:
        self.modes = {part: part.training for part in self.module.modules()}
        self.module.eval()
        self.no_grad.__enter__()
        return self.module

    def __exit__(self, *error: object) -> None:
        self.no_grad.__exit__(*error)
        for part, training in self.modes.items():
            part.training = training


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
    loss = hits = 0.0
    with _Evaluating(classifier) as judge:
        for rows in torch.arange(len(labels)).split(batch):
            scores = judge(ids[rows], mask[rows]).log_softmax(dim=-1)
            loss -= scores[torch.arange(len(rows)), labels[rows]].sum().item()
            hits += (scores.argmax(dim=-1) == labels[rows]).sum().item()
    return loss / len(labels), hits / len(labels)


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
