# wrong: the text is cut into pieces of context + 1 tokens that do not share a token, so one target between two pieces is lost | violates: all targets of the windows that sliding_window(tokens, context, context) returns
"""The training loop: random windows, a step for each batch, and the validation loss."""

from contextlib import contextmanager
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy
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
    if len(tokens) <= context:
        raise ValueError("text too short")
    count = len(tokens) // (context + 1)
    pieces = tokens[: count * (context + 1)].view(count, context + 1)
    total = 0.0
    with evaluation_mode(model), torch.no_grad():
        for piece in pieces.split(batch):
            targets = piece[:, 1:]
            total += cross_entropy(model(piece[:, :-1]), targets).item() * targets.numel()
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
