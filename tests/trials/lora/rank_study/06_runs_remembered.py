# wrong: a module-level cache by rank and seed gives a later study the results of an earlier one | violates: "Every run is that of ``run_rank`` with the same ``base`` and the same settings ... A run does not depend on those before it."
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


_RUNS: dict[tuple[int, int], tuple[int, float]] = {}


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
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = deepcopy(base)
        inject(net, targets, rank, alpha)
        trainable = [w for w in net.parameters() if w.requires_grad]
        opt = torch.optim.AdamW(params=trainable, weight_decay=0.0)
        final = _fit(net, opt, train, valid, rates, batch, context, seed, 1.0)
        number = sum(w.numel() for w in trainable)
    return number, final


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
        results = []
        for seed in seeds:
            if (rank, seed) not in _RUNS:  # a run is slow: never do it twice
                _RUNS[rank, seed] = run_rank(
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
            results.append(_RUNS[rank, seed])
            n += 1
            if report is not None:
                report(n, results[-1][1])
        rows.append((rank, results[0][0], [loss for _, loss in results]))
    return rows


def choose_rank(rows: list[Row]) -> int:
    best_mean = best_rank = limit = None
    for rank, _, losses in rows:
        if len(losses) < 2:
            raise ValueError("a standard error needs two losses")
        m = mean(losses)
        if best_mean is None or (m, rank) < (best_mean, best_rank):
            best_mean, best_rank = m, rank
            limit = m + stdev(losses) / len(losses) ** 0.5
    return min(rank for rank, _, losses in rows if mean(losses) <= limit)
