# wrong: the generator's state is saved only after it was seeded, so the seeded state is put back | violates: "PyTorch's global generator has the same state after the call as before"
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
    adapted = deepcopy(base)
    torch.manual_seed(seed)
    saved = torch.get_rng_state()
    inject(adapted, targets, rank, alpha)
    new = [p for p in adapted.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(new, weight_decay=0.0)
    last = _fit(adapted, optimizer, train, valid, rates, batch, context, seed, 1.0)
    torch.set_rng_state(saved)
    return sum(p.numel() for p in new), last


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
    def one(rank: int, seed: int) -> tuple[int, float]:
        return run_rank(
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

    rows: list[Row] = []
    counter = 0
    for rank in ranks:
        losses: list[float] = []
        size = 0
        for seed in seeds:
            size, loss = one(rank, seed)
            counter += 1
            losses.append(loss)
            if report is not None:
                report(counter, loss)
        rows.append((rank, size, losses))
    return rows


def choose_rank(rows: list[Row]) -> int:
    if min(len(row[2]) for row in rows) < 2:
        raise ValueError("each row needs two losses or more")
    average = {row[0]: mean(row[2]) for row in rows}
    error = {row[0]: stdev(row[2]) / len(row[2]) ** 0.5 for row in rows}
    best = min(sorted(average), key=average.__getitem__)
    limit = average[best] + error[best]
    return min(rank for rank, m in average.items() if m <= limit)
