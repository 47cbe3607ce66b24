"""Slices of the text, stacked; Python's own generator; one window per call in an evaluation."""

import random

import torch

from exercises.training.cross_entropy import cross_entropy
from exercises.training.train_step import train_step


def evaluate(model, tokens, batch, context):
    """Mean of the means of single windows, which all have as many targets."""
    starts = range(0, len(tokens) - context, context)
    if not starts:
        raise ValueError("no window")
    was_training = model.training
    model.eval()
    losses = []
    with torch.inference_mode():
        for start in starts:
            logits = model(tokens[start : start + context].unsqueeze(0))
            losses.append(cross_entropy(logits[0], tokens[start + 1 : start + 1 + context]).item())
    if was_training:
        model.train()
    return sum(losses) / len(losses)


def train_loop(
    model,
    optimizer,
    train,
    valid,
    *,
    rates,
    batch,
    context,
    max_norm,
    evaluate_every,
    seed,
    report=None,
):
    """A step at a time, with the steps of all evaluations known beforehand."""
    windows = len(train) - context
    if windows < 1:
        raise ValueError(f"{len(train)} tokens are too few for a context of {context}")
    draws = random.Random(seed)
    due = {0, len(rates), *range(0, len(rates) + 1, evaluate_every)}
    history = []
    for step in range(len(rates) + 1):
        if step > 0:
            starts = [draws.randrange(windows) for _ in range(batch)]
            inputs = torch.stack([train[i : i + context] for i in starts])
            targets = torch.stack([train[i + 1 : i + 1 + context] for i in starts])
            model.train()
            loss, _ = train_step(model, optimizer, inputs, targets, rates[step - 1], max_norm)
            if report:
                report(step, loss)
        if step in due:
            history.append((step, evaluate(model, valid, batch, context)))
    return history
