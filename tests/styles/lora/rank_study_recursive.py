"""One run after the other by recursion; means as tensors in float64."""

from contextlib import contextmanager
from copy import deepcopy
from functools import partial

import torch

from exercises.lora.inject import inject
from exercises.training.train_loop import evaluate, train_loop


@contextmanager
def _seeded(seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield


def run_rank(base, targets, rank, seed, train, valid, *, alpha, rates, batch, context):
    """Measure the loss once more at the end."""
    clone = deepcopy(base)
    with _seeded(seed):
        inject(clone, targets, rank=rank, alpha=alpha)
    learned = {name: p for name, p in clone.named_parameters() if p.requires_grad}
    train_loop(
        clone,
        torch.optim.AdamW(learned.values(), weight_decay=0.0, foreach=False),
        train,
        valid,
        rates=rates,
        batch=batch,
        context=context,
        max_norm=1.0,
        evaluate_every=1,
        seed=seed,
    )
    size = torch.cat([p.flatten() for p in learned.values()]).numel()
    return size, evaluate(clone, valid, batch, context)


def study_ranks(base, targets, ranks, seeds, train, valid, *, report=None, **how):
    """Return the row of the first rank, then those of the others."""
    run = partial(run_rank, base, targets, train=train, valid=valid, **how)
    return _study(run, tuple(ranks), tuple(seeds), report or (lambda done, loss: None), 0)


def _study(run, ranks, seeds, report, done):
    if not ranks:
        return []
    losses = []
    for seed in seeds:
        size, loss = run(rank=ranks[0], seed=seed)
        losses += [loss]
        report(done + len(losses), loss)
    return [(ranks[0], size, losses), *_study(run, ranks[1:], seeds, report, done + len(seeds))]


def choose_rank(rows):
    """Compute with tensors."""
    if any(len(row[2]) < 2 for row in rows):
        raise ValueError("a row with fewer than two losses")
    rows = sorted(rows, key=lambda row: row[0])
    losses = [torch.tensor(row[2], dtype=torch.float64) for row in rows]
    means = torch.stack([row.mean() for row in losses])
    best = min(range(len(rows)), key=lambda i: means[i].item())
    limit = means[best] + losses[best].std() / len(losses[best]) ** 0.5
    return next(row[0] for row, mean in zip(rows, means, strict=True) if mean <= limit)
