"""The runs of a grid, collected in a dict by rank and seed; statistics with NumPy."""

import copy
import itertools
import math

import numpy as np
import torch

from exercises.lora.inject import inject
from exercises.training.train_loop import train_loop


def run_rank(base, targets, rank, seed, train, valid, *, alpha, rates, batch, context):
    """Restore the generator's state by hand."""
    adapted = copy.deepcopy(base)
    state = torch.get_rng_state()
    try:
        torch.manual_seed(seed)
        inject(adapted, list(targets), rank, alpha)
    finally:
        torch.set_rng_state(state)
    matrices = [p for name, p in adapted.named_parameters() if "lora_" in name]
    adamw = torch.optim.AdamW(matrices, lr=1.0, weight_decay=0)
    every = max(1, len(rates) // 2)
    losses = train_loop(
        adapted,
        adamw,
        train,
        valid,
        rates=list(rates),
        batch=batch,
        context=context,
        max_norm=1.0,
        evaluate_every=every,
        seed=seed,
    )
    return sum(math.prod(p.shape) for p in matrices), losses[-1][-1]


def study_ranks(base, targets, ranks, seeds, train, valid, *, report=None, **how):
    """Walk over the grid once."""
    found = {}
    for number, (rank, seed) in enumerate(itertools.product(ranks, seeds), 1):
        found[rank, seed] = run_rank(base, targets, rank, seed, train, valid, **how)
        if report:
            report(number, found[rank, seed][1])
    return [
        (rank, found[rank, seeds[0]][0], [found[rank, seed][1] for seed in seeds]) for rank in ranks
    ]


def choose_rank(rows):
    """Sort by rank, then take the first that is good enough."""
    if min(len(losses) for *_, losses in rows) <= 1:
        raise ValueError("too few losses")
    rows = sorted(rows)
    means = np.array([np.mean(losses) for *_, losses in rows])
    best = int(means.argmin())
    losses = rows[best][2]
    limit = means[best] + np.std(losses, ddof=1) / np.sqrt(len(losses))
    return int(rows[int(np.flatnonzero(means <= limit)[0])][0])
