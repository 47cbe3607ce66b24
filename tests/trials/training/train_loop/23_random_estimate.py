# wrong: nanoGPT's estimate from random windows (with a fixed seed) instead of the text's windows in order | violates: It is the mean cross-entropy over all targets of the windows that sliding_window(tokens, context, context) returns
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
    generator = torch.Generator().manual_seed(0)
    calls = max(1, (len(tokens) - 1) // context // batch)
    total = 0.0
    with evaluation_mode(model), torch.no_grad():
        for _ in range(calls):
            ix = torch.randint(len(tokens) - context, (batch,), generator=generator).tolist()
            x = torch.stack([tokens[i : i + context] for i in ix])
            y = torch.stack([tokens[i + 1 : i + 1 + context] for i in ix])
            total += cross_entropy(model(x), y).item()
    return total / calls


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
