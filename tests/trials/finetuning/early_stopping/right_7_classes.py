# right: own helper classes, a context manager for the mode and a keeper of the best state
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable
from copy import deepcopy

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


class Evaluating:
    """Evaluation mode without gradients inside a with block; then the mode as before."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.no_grad = torch.no_grad()

    def __enter__(self) -> nn.Module:
        self.was_training = self.module.training
        self.module.eval()
        self.no_grad.__enter__()
        return self.module

    def __exit__(self, *error: object) -> None:
        self.no_grad.__exit__(*error)
        self.module.train(self.was_training)


class Mean:
    """A mean over texts, from the means of groups of texts."""

    def __init__(self) -> None:
        self.total, self.count = 0.0, 0

    def add(self, mean: torch.Tensor, count: int) -> None:
        self.total += mean.item() * count
        self.count += count

    def value(self) -> float:
        return self.total / self.count


class Keeper:
    """The state of the best epoch so far, and how many epochs ago that was."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.loss = math.inf
        self.take()

    def take(self) -> None:
        self.state = deepcopy(self.model.state_dict())
        self.age = 0

    def see(self, loss: float) -> None:
        if math.isfinite(loss) and loss < self.loss:
            self.loss = loss
            self.take()
        else:
            self.age += 1

    def restore(self) -> None:
        self.model.load_state_dict(self.state)
        self.model.eval()


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    loss, accuracy = Mean(), Mean()
    with Evaluating(classifier) as model:
        for start in range(0, len(ids), batch):
            part = slice(start, start + batch)
            logits, target = model(ids[part], mask[part]), labels[part]
            loss.add(cross_entropy(logits, target), len(target))
            accuracy.add((logits.argmax(dim=1) == target).float().mean(), len(target))
    return loss.value(), accuracy.value()


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    keeper = Keeper(model)
    losses: list[float] = []
    while len(losses) < epochs and keeper.age < patience:
        model.train()
        train_epoch()
        losses.append(float(validate()))
        keeper.see(losses[-1])
    keeper.restore()
    return losses
