# wrong: sets the training flag of every submodule by hand, past a train() that the model overrides | violates: "all of it, as ``train()`` and ``eval()`` of the model set it"
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
    classifier.eval()
    text_losses = 0.0
    text_hits = 0.0
    with torch.no_grad():
        for x, m, y in zip(
            torch.split(ids, batch), torch.split(mask, batch), torch.split(labels, batch), strict=True
        ):
            z = classifier(x, m)
            text_losses += cross_entropy(z, y).item() * x.shape[0]
            text_hits += (torch.argmax(z, dim=1) == y).sum().item()
    classifier.train(was_training)
    return text_losses / ids.shape[0], text_hits / ids.shape[0]


def set_mode(model: nn.Module, training: bool) -> None:
    for module in model.modules():
        module.training = training


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    saved = deepcopy(model.state_dict())
    lowest = math.inf
    row = 0
    out = []
    for _ in range(epochs):
        set_mode(model, True)
        train_epoch()
        v = validate()
        out.append(v)
        if v < lowest:
            lowest, row = v, 0
            saved = deepcopy(model.state_dict())
        else:
            row += 1
        if row == patience:
            break
    model.load_state_dict(saved)
    set_mode(model, False)
    return out
