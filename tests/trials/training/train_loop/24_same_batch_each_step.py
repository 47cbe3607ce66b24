# wrong: the generator is made anew with the same seed in every step, so all batches are equal | violates: Each start i is drawn uniformly from 0 to n - T - 1, independently of all others
"""The training loop: random windows, a step for each batch, and the validation loss."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from exercises.data.sliding_window import sliding_window
from exercises.training.cross_entropy import cross_entropy
from exercises.training.train_step import train_step


def evaluate(model: nn.Module, tokens: torch.Tensor, batch: int, context: int) -> float:
    if len(tokens) <= context:
        raise ValueError(f"{len(tokens)} tokens hold no window of {context}")
    inputs, targets = sliding_window(tokens, context, context)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    total = 0.0
    with torch.no_grad():
        for x, y in zip(inputs.split(batch), targets.split(batch), strict=True):
            total += cross_entropy(model(x), y).item() * y.numel()
    for module, mode in modes:
        module.training = mode
    return total / targets.numel()


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
    offsets = torch.arange(context)
    history = [(0, evaluate(model, valid, batch, context))]
    for s, rate in enumerate(rates, start=1):
        generator = torch.Generator().manual_seed(seed)
        starts = torch.randint(n - context, (batch, 1), generator=generator)
        at = (starts + offsets).to(train.device)
        model.train()
        loss, _ = train_step(model, optimizer, train[at], train[at + 1], rate, max_norm)
        if report is not None:
            report(s, float(loss))
        if s % evaluate_every == 0 or s == len(rates):
            history.append((s, evaluate(model, valid, batch, context)))
    return history
