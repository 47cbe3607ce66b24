# right: a Python generator that yields batches, sliding_window for every single window, tensor accumulators
"""The training loop: random windows, a step for each batch, and the validation loss."""

from contextlib import contextmanager
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from exercises.data.sliding_window import sliding_window
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


def random_batches(tokens, batch, context, seed):
    generator = torch.Generator().manual_seed(seed)
    while True:
        pairs = []
        for _ in range(batch):
            start = int(torch.randint(len(tokens) - context, (), generator=generator))
            pairs.append(sliding_window(tokens[start : start + context + 1], context, context))
        yield torch.cat([p[0] for p in pairs]), torch.cat([p[1] for p in pairs])


def evaluate(model: nn.Module, tokens: torch.Tensor, batch: int, context: int) -> float:
    if not len(tokens) > context:
        raise ValueError("no window")
    inputs, targets = sliding_window(tokens, context, context)
    total = torch.zeros((), dtype=torch.float64)
    with evaluation_mode(model), torch.no_grad():
        for first in range(0, inputs.shape[0], batch):
            rows = slice(first, first + batch)
            logits = model(inputs[rows])
            part = cross_entropy(logits.reshape(-1, logits.shape[-1]), targets[rows].reshape(-1))
            total += part.double().cpu() * inputs[rows].shape[0]
    return float(total / inputs.shape[0])


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
    if len(train) <= context or len(valid) <= context:
        raise ValueError("both texts need more than `context` tokens")
    history: list[tuple[int, float]] = []
    batches = random_batches(train, batch, context, seed)
    step = 0
    while True:
        if step % evaluate_every == 0 or step == len(rates):
            history.append((step, evaluate(model, valid, batch, context)))
        if step == len(rates):
            return history
        inputs, targets = next(batches)
        model.train()
        loss, _ = train_step(model, optimizer, inputs, targets, rates[step], max_norm)
        step += 1
        if report is not None:
            report(step, float(loss))
