# right: terse
"""A study of LoRA's rank: the same fine-tuning with several ranks, each with several seeds."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from inspect import signature
from itertools import count
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
    model = deepcopy(base)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        inject(model, targets, rank, alpha)
        ps = [p for p in model.parameters() if p.requires_grad]
        adam = torch.optim.AdamW(ps, weight_decay=0.0)
        loss = _fit(model, adam, train, valid, rates, batch, context, seed, 1.0)
    return sum(p.numel() for p in ps), loss


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
    how = {"alpha": alpha, "rates": rates, "batch": batch, "context": context}
    n, tell = count(1), report if report is not None else lambda n, loss: None

    def run(rank, seed):
        out = run_rank(base, targets, rank, seed, train, valid, **how)
        return tell(next(n), out[1]), *out

    table = ((r, [run(r, s) for s in seeds]) for r in ranks)
    return [(r, runs[0][1], [loss for _, _, loss in runs]) for r, runs in table]


def choose_rank(rows: list[Row]) -> int:
    # stdev raises StatisticsError, a ValueError, for fewer than two losses (and so does mean)
    stats = sorted((mean(x), r, stdev(x) / len(x) ** 0.5) for r, _, x in rows)
    return min(r for m, r, _ in stats if m <= stats[0][0] + stats[0][2])
