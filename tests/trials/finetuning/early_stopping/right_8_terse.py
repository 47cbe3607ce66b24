# right: terse; the label is right if no logit is larger than its own (equal logits: also right)
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable
from copy import deepcopy

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy


@torch.no_grad()
def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    mode, n, loss, right = classifier.training, len(ids), 0.0, 0
    classifier.eval()
    for i, m, y in zip(*(t.split(batch) for t in (ids, mask, labels)), strict=True):
        z = classifier(i, m)
        loss += cross_entropy(z, y).item() * len(y)
        right += (z.gather(1, y[:, None])[:, 0] == z.amax(1)).sum().item()
    classifier.train(mode)
    return loss / n, right / n


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    best, state, left, losses = math.inf, deepcopy(model.state_dict()), patience, []
    while left and len(losses) < epochs:
        model.train()
        train_epoch()
        losses += [validate()]
        left -= 1
        if losses[-1] < best:
            best, state, left = losses[-1], deepcopy(model.state_dict()), patience
    model.load_state_dict(state)
    model.eval()
    return losses
