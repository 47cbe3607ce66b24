# right: the validation text one window per call, all starts drawn beforehand, a set of the steps to evaluate after
"""The training loop: random windows, a step for each batch, and the validation loss."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from exercises.training.train_step import train_step


def evaluate(model: nn.Module, tokens: torch.Tensor, batch: int, context: int) -> float:
    length = tokens.size(0)
    if length < context + 1:
        raise ValueError("the text must have more tokens than the context length")
    modes = [m.training for m in model.modules()]
    model.eval()
    losses = []
    try:
        with torch.inference_mode():
            for begin in range(0, length - context, context):
                ids = tokens[begin : begin + context].unsqueeze(0)
                following = tokens[begin + 1 : begin + context + 1]
                losses.append(F.cross_entropy(model(ids)[0].float(), following).item())
    finally:
        for m, mode in zip(model.modules(), modes, strict=True):
            m.training = mode
    return math.fsum(losses) / len(losses)


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
    if min(train.size(0), valid.size(0)) <= context:
        raise ValueError("train and valid need more tokens than the context length")
    steps = len(rates)
    measured = {steps, *range(evaluate_every, steps + 1, evaluate_every)} - {0}
    possible = train.size(0) - context
    draws = torch.randint(
        possible, (steps, batch), generator=torch.Generator().manual_seed(seed)
    )
    history = [(0, evaluate(model, valid, batch, context))]
    for s in range(1, steps + 1):
        pieces = torch.stack([train[i : i + context + 1] for i in draws[s - 1].tolist()])
        model.train()
        loss, _ = train_step(
            model,
            optimizer,
            pieces[:, :-1].clone(),
            pieces[:, 1:].clone(),
            rates[s - 1],
            max_norm,
        )
        if report is not None:
            report(s, float(loss))
        if s in measured:
            history.append((s, evaluate(model, valid, batch, context)))
    return history
