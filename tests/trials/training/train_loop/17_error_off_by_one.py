# wrong: a text of exactly context tokens gives ZeroDivisionError, since only shorter ones are refused | violates: ValueError if it has context tokens or fewer, and so no window
"""The training loop: random windows, a step for each batch, and the validation loss."""

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
    if tokens.numel() < context:
        raise ValueError("the text is too short for a window")
    count = (tokens.numel() - 1) // context
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
    n = len(train)
    if n <= context or len(valid) <= context:
        raise ValueError("a text has no window")
    generator = torch.Generator().manual_seed(seed)
    offsets = torch.arange(context)
    history = [(0, evaluate(model, valid, batch, context))]
    for s, rate in enumerate(rates, start=1):
        starts = torch.randint(n - context, (batch, 1), generator=generator)
        at = (starts + offsets).to(train.device)
        model.train()
        loss, _ = train_step(model, optimizer, train[at], train[at + 1], rate, max_norm)
        if report is not None:
            report(s, float(loss))
        if s % evaluate_every == 0 or s == len(rates):
            history.append((s, evaluate(model, valid, batch, context)))
    return history
