# wrong: overlapping windows with stride 1 instead of context | violates: all targets of the windows that sliding_window(tokens, context, context) returns
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
    inputs, targets = sliding_window(tokens, context, 1)
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
    for name, text in (("train", train), ("valid", valid)):
        if text.shape[0] <= context:
            raise ValueError(f"{name} has {text.shape[0]} tokens, and so no window")
    steps = len(rates)
    generator = torch.Generator()
    generator.manual_seed(seed)
    history = []

    def measure(done):
        history.append((done, evaluate(model, valid, batch, context)))

    measure(0)
    for step in range(steps):
        starts = torch.randint(0, train.shape[0] - context, (batch,), generator=generator).tolist()
        inputs = torch.stack([train[i : i + context] for i in starts])
        targets = torch.stack([train[i + 1 : i + context + 1] for i in starts])
        model.train()
        loss, _norm = train_step(model, optimizer, inputs, targets, rates[step], max_norm)
        if report:
            report(step + 1, float(loss))
        if (step + 1) % evaluate_every == 0 or step + 1 == steps:
            measure(step + 1)
    return history
