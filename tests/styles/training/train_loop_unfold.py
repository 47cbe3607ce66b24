"""All windows as a view of the text, NumPy's generator, and a decorated evaluation."""

import numpy as np
import torch

from exercises.training.cross_entropy import cross_entropy
from exercises.training.train_step import train_step


@torch.no_grad()
def evaluate(model, tokens, batch, context):
    """Weigh the mean of each call with its windows."""
    if tokens.numel() < context + 1:
        raise ValueError("too short")
    rows = tokens.unfold(0, context + 1, context)
    before = model.training
    model.eval()
    means, counts = [], []
    for at in range(0, rows.shape[0], batch):
        part = rows[at : at + batch]
        means.append(cross_entropy(model(part[:, :-1].contiguous()), part[:, 1:]).double())
        counts.append(part.shape[0])
    model.train(before)
    weights = torch.tensor(counts, dtype=torch.float64)
    return float((torch.stack(means) * weights).sum() / weights.sum())


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
    """The view has a row for each start, and copies nothing until rows are taken."""
    if len(train) < context + 1 or len(valid) < context + 1:
        raise ValueError("a text is too short")
    rows = train.unfold(0, context + 1, 1)
    rng = np.random.default_rng(seed)
    history = [(0, evaluate(model, valid, batch, context))]
    for i in range(len(rates)):
        model.train(True)
        taken = rows[torch.from_numpy(rng.integers(0, rows.shape[0], size=batch))]
        loss = train_step(model, optimizer, taken[:, :-1], taken[:, 1:], rates[i], max_norm)[0]
        done = i + 1
        if report is not None:
            report(done, loss)
        if done == len(rates) or not done % evaluate_every:
            history.append((done, evaluate(model, valid, batch, context)))
    return history
