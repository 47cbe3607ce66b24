# wrong: the first epoch always counts as the best so far, even when its loss is NaN or infinite; after a NaN nothing is better | violates: "An epoch with a loss of infinity or NaN is never the best one."
"""Early stopping: train while the validation loss falls, and keep the best epoch."""

import math
from collections.abc import Callable

import torch
from torch import nn


def measure(
    classifier: nn.Module, ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor, batch: int
) -> tuple[float, float]:
    """Return a classifier's mean loss over labelled texts, and its accuracy."""
    modes = {module: module.training for module in classifier.modules()}
    classifier.eval()
    with torch.no_grad():
        pairs = zip(ids.split(batch), mask.split(batch), strict=True)
        logits = torch.cat([classifier(*pair) for pair in pairs])
    for module, mode in modes.items():
        module.training = mode
    losses = logits.logsumexp(dim=1) - logits.gather(1, labels[:, None])[:, 0]
    return losses.mean().item(), (logits.argmax(dim=1) == labels).float().mean().item()


def train_best(
    model: nn.Module,
    train_epoch: Callable[[], object],
    validate: Callable[[], float],
    epochs: int,
    patience: int,
) -> list[float]:
    """Train a model with early stopping, and leave it with the parameters of its best epoch."""
    def snapshot() -> dict[str, torch.Tensor]:
        everything = [*model.named_parameters(), *model.named_buffers()]
        return {name: tensor.detach().clone() for name, tensor in everything}

    losses = []
    lowest = None
    bad_epochs = 0
    best = snapshot()
    while len(losses) < epochs and bad_epochs < patience:
        model.train()
        train_epoch()
        loss = float(validate())
        losses.append(loss)
        if lowest is None or (math.isfinite(loss) and loss < lowest):
            lowest, best, bad_epochs = loss, snapshot(), 0
        else:
            bad_epochs += 1
    with torch.no_grad():
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
            tensor.copy_(best[name])
    model.eval()
    return losses
