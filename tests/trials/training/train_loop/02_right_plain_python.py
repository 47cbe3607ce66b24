# right: plain Python loops, slices and random.Random, summed loss; no sliding_window
"""The training loop: random windows, a step for each batch, and the validation loss."""

import random
from contextlib import contextmanager
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from exercises.training.train_step import train_step


@contextmanager
def evaluation_mode(model):
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        yield
    finally:
        for module, training in modes.items():
            module.training = training


def evaluate(model: nn.Module, tokens: torch.Tensor, batch: int, context: int) -> float:
    count = (tokens.numel() - 1) // context
    if count < 1:
        raise ValueError("the text is too short for a window")
    inputs = tokens[: count * context].view(count, context)
    targets = tokens[1 : count * context + 1].view(count, context)
    total = 0.0
    with evaluation_mode(model), torch.no_grad():
        for row in range(0, count, batch):
            logits = model(inputs[row : row + batch])
            wanted = targets[row : row + batch]
            total += F.cross_entropy(
                logits.flatten(0, 1).float(), wanted.flatten(), reduction="sum"
            ).item()
    return total / (count * context)


def train_loop(
    model: nn.Module,
    optimizer: Any,
    train: torch.Tensor,
    valid: torch.Tensor,
    *,
    rates: Sequence[float],
    batch: int,
    context: int,
    max_norm: float,
    evaluate_every: int,
    seed: int,
    report: Callable[[int, float], object] | None = None,
) -> list[tuple[int, float]]:
    if len(train) <= context:
        raise ValueError("train has no window")
    if len(valid) <= context:
        raise ValueError("valid has no window")
    dice = random.Random(seed)
    history = [(0, evaluate(model, valid, batch, context))]
    done = 0
    for rate in rates:
        inputs, targets = [], []
        for _ in range(batch):
            i = dice.randrange(len(train) - context)
            inputs.append(train[i : i + context])
            targets.append(train[i + 1 : i + 1 + context])
        model.train()
        loss, _ = train_step(
            model, optimizer, torch.stack(inputs), torch.stack(targets), rate, max_norm
        )
        done += 1
        if report is not None:
            report(done, float(loss))
        if done % evaluate_every == 0 or done == len(rates):
            history.append((done, evaluate(model, valid, batch, context)))
    return history
