# right: own helper classes (a run as an object, a context manager for the seed, a score per row)
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


class _Seeded:
    """Inside the with block the global generator has a seed, afterwards its old state."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __enter__(self) -> None:
        self.state = torch.get_rng_state()
        torch.manual_seed(self.seed)

    def __exit__(self, *error: object) -> None:
        torch.set_rng_state(self.state)


class _Run:
    """A LoRA on a copy of a model, and its training."""

    def __init__(
        self, base: nn.Module, targets: list[str], rank: int, alpha: float, seed: int
    ) -> None:
        self.seed = seed
        self.model = deepcopy(base)
        with _Seeded(seed):
            inject(self.model, targets, rank, alpha)
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.size = sum(p.numel() for p in self.trained)

    def train(self, train, valid, rates, batch, context) -> float:
        optimizer = torch.optim.AdamW(self.trained, weight_decay=0.0)
        with _Seeded(self.seed):  # whatever train_loop draws, the outside does not see it
            return _fit(self.model, optimizer, train, valid, rates, batch, context, self.seed, 1.0)


class _Progress:
    """Counts the runs that are done, and tells a listener if there is one."""

    def __init__(self, report: Callable[[int, float], object] | None) -> None:
        self.report = report
        self.done = 0

    def tell(self, loss: float) -> None:
        self.done += 1
        if self.report is not None:
            self.report(self.done, loss)


class _Score:
    """The mean and the limit of a row; scores are ordered by mean, then by rank."""

    def __init__(self, row: Row) -> None:
        self.rank, _, losses = row
        if len(losses) < 2:
            raise ValueError(f"rank {self.rank} has fewer than two losses")
        self.mean = mean(losses)
        self.limit = self.mean + stdev(losses) / len(losses) ** 0.5

    def __lt__(self, other: "_Score") -> bool:
        return (self.mean, self.rank) < (other.mean, other.rank)


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
    run = _Run(base, targets, rank, alpha, seed)
    loss = run.train(train, valid, rates, batch, context)
    return run.size, loss


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
    progress = _Progress(report)
    rows: list[Row] = []
    for rank in ranks:
        size, losses = 0, []
        for seed in seeds:
            size, loss = run_rank(
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
            progress.tell(loss)
            losses.append(loss)
        rows.append((rank, size, losses))
    return rows


def choose_rank(rows: list[Row]) -> int:
    scores = [_Score(row) for row in rows]
    best = min(scores)
    return min(score.rank for score in scores if score.mean <= best.limit)
