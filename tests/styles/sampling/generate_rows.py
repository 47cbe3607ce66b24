"""Generation with Python's own generator, for the sequences that have not ended alone."""

import math
import random

import torch


def generate(model, ids, count, context, *, t=1.0, k=None, end=None, seed=0):
    """Continue each sequence of a batch by up to count tokens."""
    chance = random.Random(seed)
    texts, going = ids.tolist(), list(range(len(ids)))
    mode = model.training
    model.train(False)
    for _ in range(count):
        if not going:
            break
        window = torch.tensor([texts[i][-context:] for i in going])
        with torch.no_grad():
            rows = model(window)[:, -1].double().tolist()
        for i, row in zip(range(len(texts)), _spread(rows, going, len(texts)), strict=True):
            texts[i].append(end if row is None else _draw(row, t, k, chance))
        going = [i for i in going if end is None or texts[i][-1] != end]
    model.train(mode)
    return torch.tensor(texts)


def _spread(rows, going, size):
    """Return each row at its sequence's place, and None for those that have ended."""
    spread = [None] * size
    for i, row in zip(going, rows, strict=True):
        spread[i] = row
    return spread


def _draw(row, t, k, chance):
    """Return one token."""
    order = sorted(range(len(row)), key=lambda i: (-row[i], i))[:k]
    if t == 0:
        return order[0]
    weights = [math.exp((row[i] - row[order[0]]) / t) for i in order]
    return chance.choices(order, weights)[0]
