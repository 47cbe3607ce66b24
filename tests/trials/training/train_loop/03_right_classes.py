# right: classes; a view of all windows by unfold, indexed for one batch at a time; log_softmax and gather
"""The training loop: random windows, a step for each batch, and the validation loss."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from exercises.training.train_step import train_step


def windows_of(tokens: torch.Tensor, context: int, stride: int) -> torch.Tensor:
    """Return a view of shape (windows, context + 1)."""
    if tokens.numel() <= context:
        raise ValueError(f"no window of {context} in {tokens.numel()} tokens")
    return tokens.unfold(0, context + 1, stride)


class Meter:
    """A sum of losses and their number."""

    def __init__(self):
        self.total, self.count = 0.0, 0

    def add(self, logits, targets):
        losses = -logits.float().log_softmax(-1).gather(-1, targets[..., None])
        self.total += losses.double().sum().item()
        self.count += targets.numel()

    def mean(self):
        return self.total / self.count


class Evaluating:
    """A block in which a model is in evaluation mode and no gradients are recorded."""

    def __init__(self, model):
        self.model = model
        self.no_grad = torch.no_grad()

    def __enter__(self):
        self.before = [(part, part.training) for part in self.model.modules()]
        self.model.eval()
        self.no_grad.__enter__()

    def __exit__(self, *error):
        self.no_grad.__exit__(*error)
        for part, training in self.before:
            part.training = training


class RandomBatches:
    """An endless iterator over random batches."""

    def __init__(self, windows, size, seed):
        self.windows, self.size = windows, size
        self.generator = torch.Generator(device="cpu").manual_seed(seed)

    def __iter__(self):
        return self

    def __next__(self):
        rows = torch.randint(len(self.windows), (self.size,), generator=self.generator)
        chosen = self.windows[rows.to(self.windows.device)]
        return chosen[:, :-1].contiguous(), chosen[:, 1:].contiguous()


def evaluate(model: nn.Module, tokens: torch.Tensor, batch: int, context: int) -> float:
    meter = Meter()
    with Evaluating(model):
        for window in windows_of(tokens, context, context).split(batch):
            meter.add(model(window[:, :-1]), window[:, 1:])
    return meter.mean()


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
    every_window = windows_of(train, context, 1)
    windows_of(valid, context, context)  # complains if it is too short
    batches = RandomBatches(every_window, batch, seed)
    history = [(0, evaluate(model, valid, batch, context))]
    last = len(rates)
    for number, (rate, (inputs, targets)) in enumerate(zip(rates, batches), 1):
        model.train()
        loss = train_step(model, optimizer, inputs, targets, rate, max_norm)[0]
        if report is not None:
            report(number, float(loss))
        if number == last or not number % evaluate_every:
            history.append((number, evaluate(model, valid, batch, context)))
    return history
