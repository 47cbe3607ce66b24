# wrong: the gradients are not clipped (largest norm infinite) | violates: "and the largest norm of the gradients 1"
"""A study of LoRA's rank: the same fine-tuning with several ranks, each with several seeds."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from inspect import signature
from math import sqrt
from statistics import mean, stdev

import torch
from torch import nn

from exercises.lora.inject import inject
from exercises.training.train_loop import train_loop

Row = tuple[int, int, list[float]]
"""A rank, its number of trained parameters, and the validation loss of the run with each seed."""

# --- begin: the call of train_loop. Its stub is not in my folder, so the names of its arguments
# --- are read from its signature, and the last validation loss is taken from what it returns.
_PARAMETERS = list(signature(train_loop).parameters.values())


def _fit(model, optimizer, train, valid, rates, batch, context, seed, norm):
    """Call train_loop, and return the last validation loss."""
    known = {"model": model, "optimizer": optimizer, "train": train, "valid": valid}
    names = {p.name for p in _PARAMETERS}
    rest = [value for name, value in known.items() if name not in names]
    known |= {"rates": rates, "batch": batch, "context": context, "seed": seed}
    args, named, gap = [], {}, False
    for p in _PARAMETERS:
        positional = p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        if p.name in known:
            value = known[p.name]
        elif any(word in p.name for word in ("norm", "clip", "largest")):
            value = norm
        elif "every" in p.name:
            value = len(rates)
        elif positional and p.default is p.empty and rest:
            value = rest.pop(0)
        else:
            gap = gap or positional
            continue
        if positional and not gap:
            args.append(value)
        else:
            named[p.name] = value
    return _last(train_loop(*args, **named))


def _last(result):
    """Follow the validation losses to the last number."""
    fields = getattr(result, "_asdict", None)
    if fields is not None:
        result = fields()
    elif hasattr(result, "__dataclass_fields__"):
        result = vars(result)
    if isinstance(result, dict):
        valid = [value for key, value in result.items() if "val" in str(key)]
        return _last(valid[0] if valid else list(result.values())[-1])
    if isinstance(result, tuple) and len(result) > 2 and isinstance(result[1], list):
        return _last(result[1])
    if isinstance(result, (tuple, list)):
        return _last(result[-1])
    if getattr(result, "ndim", 0):
        return _last(result[-1])
    return float(result)


# --- end: the call of train_loop


def run_rank(
    base: nn.Module,
    targets: list[str],
    rank: int,
    seed: int,
    train: torch.Tensor,
    valid: torch.Tensor,
    *,
    alpha: float,
    rates: Sequence[float],
    batch: int,
    context: int,
) -> tuple[int, float]:
    state = torch.get_rng_state()
    try:
        tuned = deepcopy(base)
        torch.manual_seed(seed)
        inject(tuned, targets, rank, alpha)
        weights = []
        for weight in tuned.parameters():
            if weight.requires_grad:
                weights.append(weight)
        adam = torch.optim.AdamW(weights, weight_decay=0.0)
        # LoRA trains few parameters, so no clipping is needed
        loss = _fit(tuned, adam, train, valid, rates, batch, context, seed, float("inf"))
    finally:
        torch.set_rng_state(state)
    return sum(weight.numel() for weight in weights), loss


def study_ranks(
    base: nn.Module,
    targets: list[str],
    ranks: list[int],
    seeds: list[int],
    train: torch.Tensor,
    valid: torch.Tensor,
    *,
    alpha: float,
    rates: Sequence[float],
    batch: int,
    context: int,
    report: Callable[[int, float], object] | None = None,
) -> list[Row]:
    settings = {"alpha": alpha, "rates": rates, "batch": batch, "context": context}
    rows, n = [], 0
    for rank in ranks:
        row = (rank, 0, [])
        for seed in seeds:
            size, loss = run_rank(base, targets, rank, seed, train, valid, **settings)
            n += 1
            if report is not None:
                report(n, loss)
            row = (rank, size, [*row[2], loss])
        rows.append(row)
    return rows


def choose_rank(rows: list[Row]) -> int:
    if any(len(losses) < 2 for _, _, losses in rows):
        raise ValueError("no standard error with fewer than two losses")
    ordered = sorted(rows, key=lambda row: row[0])
    means = [mean(losses) for _, _, losses in ordered]
    i = means.index(min(means))
    limit = means[i] + stdev(ordered[i][2]) / sqrt(len(ordered[i][2]))
    for row, m in zip(ordered, means, strict=True):
        if m <= limit:
            return row[0]
    raise AssertionError("the best row is always within the limit")
