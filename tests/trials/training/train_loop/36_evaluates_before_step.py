# wrong: nanoGPT's order, the evaluation comes before a step whose number from 0 is a multiple, or the last, and so never after the last step | violates: after each step whose number is a multiple of evaluate_every, and after the last step
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
    for name, text in (("train", train), ("valid", valid)):
        if text.shape[0] <= context:
            raise ValueError(f"{name} has {text.shape[0]} tokens, and so no window")
    steps = len(rates)
    generator = torch.Generator()
    generator.manual_seed(seed)
    history = []

    def measure(done):
        history.append((done, evaluate(model, valid, batch, context)))

    if steps == 0:
        measure(0)
    for step in range(steps):
        if step % evaluate_every == 0 or step == steps - 1:
            measure(step)
        starts = torch.randint(0, train.shape[0] - context, (batch,), generator=generator).tolist()
        inputs = torch.stack([train[i : i + context] for i in starts])
        targets = torch.stack([train[i + 1 : i + context + 1] for i in starts])
        model.train()
        loss, _norm = train_step(model, optimizer, inputs, targets, rates[step], max_norm)
        if report:
            report(step + 1, float(loss))
    return history
