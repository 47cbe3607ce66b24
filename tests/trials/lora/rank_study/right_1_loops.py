# right: plain loops, every sum by hand
"""A study of LoRA's rank: the same fine-tuning with several ranks, each with several seeds."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from inspect import signature
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
    before = torch.get_rng_state()
    try:
        copy = deepcopy(base)
        torch.manual_seed(seed)
        inject(copy, targets, rank, alpha)
        trained = []
        parameters = 0
        for p in copy.parameters():
            if p.requires_grad:
                trained.append(p)
                numbers = 1
                for length in p.shape:
                    numbers *= length
                parameters += numbers
        optimizer = torch.optim.AdamW(trained, weight_decay=0.0)
        loss = _fit(copy, optimizer, train, valid, rates, batch, context, seed, 1.0)
    finally:
        torch.set_rng_state(before)
    return parameters, loss


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
    rows = []
    n = 0
    for rank in ranks:
        losses = []
        parameters = 0
        for seed in seeds:
            parameters, loss = run_rank(
                base,
                targets,
                rank,
                seed,
                train,
                valid,
                alpha=alpha,
                rates=rates,
                batch=batch,
                context=context,
            )
            losses.append(loss)
            n += 1
            if report is not None:
                report(n, loss)
        rows.append((rank, parameters, losses))
    return rows


def choose_rank(rows: list[Row]) -> int:
    means = []
    errors = []
    for _, _, losses in rows:
        n = len(losses)
        if n < 2:
            raise ValueError(f"a row has {n} losses, but the standard error needs two")
        total = 0.0
        for x in losses:
            total += x
        m = total / n
        squares = 0.0
        for x in losses:
            squares += (x - m) ** 2
        means.append(m)
        errors.append((squares / (n - 1)) ** 0.5 / n**0.5)

    best = 0
    for i in range(1, len(rows)):
        if means[i] < means[best]:
            best = i
        elif means[i] == means[best] and rows[i][0] < rows[best][0]:
            best = i
    limit = means[best] + errors[best]

    chosen = rows[best][0]
    for i in range(len(rows)):
        if means[i] <= limit and rows[i][0] < chosen:
            chosen = rows[i][0]
    return chosen
