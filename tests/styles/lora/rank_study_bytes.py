"""The base is written to memory once and read for every run; statistics written out."""

import io
from math import fsum, sqrt

import torch

from exercises.lora.inject import inject
from exercises.training.train_loop import train_loop


def _save(module):
    file = io.BytesIO()
    torch.save(module, file)
    return file.getvalue()


def run_rank(base, targets, rank, seed, train, valid, *, alpha, rates, batch, context):
    """Read a copy of the base."""
    return _run(_save(base), targets, rank, seed, train, valid, alpha, rates, batch, context)


def _run(stored, targets, rank, seed, train, valid, alpha, rates, batch, context):
    model = torch.load(io.BytesIO(stored), weights_only=False)
    before = torch.random.get_rng_state()
    torch.random.manual_seed(seed)
    inject(model, targets, rank, alpha)
    torch.random.set_rng_state(before)
    trained = list(filter(lambda parameter: parameter.requires_grad, model.parameters()))
    optimizer = torch.optim.AdamW(trained, rates[0], weight_decay=0.0)
    *_, (_, loss) = train_loop(
        model,
        optimizer,
        train,
        valid,
        rates=rates,
        batch=batch,
        context=context,
        max_norm=1,
        evaluate_every=len(rates) + 1,
        seed=seed,
    )
    return sum(map(torch.numel, trained)), loss


def study_ranks(
    base, targets, ranks, seeds, train, valid, *, alpha, rates, batch, context, report=None
):
    """Store the base once."""
    stored, rows, runs = _save(base), [], 0
    for rank in ranks:
        results = []
        for seed in seeds:
            results.append(
                _run(stored, targets, rank, seed, train, valid, alpha, rates, batch, context)
            )
            runs += 1
            if report is not None:
                report(runs, results[-1][1])
        sizes, losses = zip(*results, strict=True)
        rows.append((rank, sizes[0], list(losses)))
    return rows


def choose_rank(rows):
    """Write the formulas out."""
    best = None
    for rank, _, losses in rows:
        n = len(losses)
        if n < 2:
            raise ValueError(f"rank {rank} has no standard error")
        m = fsum(losses) / n
        if best is None or (m, rank) < best[:2]:
            s = sqrt(fsum((x - m) ** 2 for x in losses) / (n - 1))
            best = m, rank, m + s / sqrt(n)
    chosen = best[1]
    for rank, _, losses in rows:
        if rank < chosen and fsum(losses) / len(losses) <= best[2]:
            chosen = rank
    return chosen
