"""A study of LoRA's rank: the same fine-tuning with several ranks, each with several seeds."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from statistics import mean, stdev

import torch
from torch import nn

from exercises.lora.inject import inject
from exercises.training.train_loop import train_loop

Row = tuple[int, int, list[float]]
"""A rank, its number of trained parameters, and the validation loss of the run with each seed."""


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
    """Fine-tune a copy of a model by LoRA, and return its size and its validation loss.

    A run is made of

        copy        a copy of ``base``, adapted by ``inject(copy, targets, rank, alpha)``; the new
                    matrices A are those that ``inject`` draws after ``torch.manual_seed(seed)``
        optimizer   ``torch.optim.AdamW`` of the trained parameters, with weight decay 0 and its
                    other settings as they are by default
        training    ``train_loop`` on ``train``, with ``rates``, ``batch``, ``context`` and
                    ``seed``, and the largest norm of the gradients 1
        loss        the last validation loss that ``train_loop`` returns, after all steps

    The base stays as it is: its parameters, their ``grad`` and ``requires_grad``, its layers and
    the mode of each (training or evaluation). PyTorch's global generator has the same state after
    the call as before, and its state before has no influence.

    Args:
        base: a model as in ``train_loop``, with linear layers and without LoRA layers, and without
            dropout.
        targets: as in ``inject``.
        rank: the rank, at least 1.
        seed: an int from 0 to 2^32 - 1.
        train: as in ``train_loop``.
        valid: as in ``train_loop``.
        alpha: as in ``inject``: LoRA's update is multiplied by alpha / rank.
        rates: the learning rate of each step, a list of at least one float.
        batch: as in ``train_loop``.
        context: as in ``train_loop``.

    Returns:
        (parameters, loss), a tuple of an int and a float: the number of trained parameters, each
        number of a matrix counted once, and the validation loss.

    >>> base = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5))
    >>> text = torch.tensor([0, 1, 2, 3, 4, 0, 1])
    >>> how = {"alpha": 4.0, "rates": [0.1] * 3, "batch": 2, "context": 4}
    >>> parameters, loss = run_rank(base, ["1"], 2, 7, text, text, **how)
    >>> parameters  # A has 2 x 3 numbers, B 5 x 2
    16
    """
    raise NotImplementedError("write run_rank (about 19 lines)")


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
    """Run each rank with each seed, and return a row for each rank.

    Every run is that of ``run_rank`` with the same ``base`` and the same settings, ``alpha``
    included: the runs differ in rank and seed alone, so that a difference between two rows can
    come from nothing else. A run does not depend on those before it.

    Args:
        base: as in ``run_rank``; it stays as it is.
        targets: as in ``inject``.
        ranks: different ranks in any order, at least one.
        seeds: different seeds, at least one; each of them is used for every rank.
        train: as in ``run_rank``.
        valid: as in ``run_rank``.
        alpha: as in ``run_rank``.
        rates: as in ``run_rank``.
        batch: as in ``run_rank``.
        context: as in ``run_rank``.
        report: is called once after each run, as ``report(n, loss)``: how many runs are done, an
            int from 1, and the validation loss of this run, a float. None if nobody listens.

    Returns:
        A list with a row for each rank, in the order of ``ranks``: the tuple (rank, parameters,
        losses) of an int, an int and a list of floats in the order of ``seeds``.
    """
    raise NotImplementedError("write study_ranks (about 13 lines)")


def choose_rank(rows: list[Row]) -> int:
    """Return the smallest rank whose mean loss is within one standard error of the lowest one.

    For the losses x_1, ..., x_n of a rank, with the mean m, the standard error of the mean is

        s / sqrt(n)    with s^2 = ((x_1 - m)^2 + ... + (x_n - m)^2) / (n - 1)

    The limit is the lowest mean of all rows plus the standard error of the row that has it; if
    several have it, that of the smallest rank. Returned is the smallest rank whose mean is at most
    the limit: a larger one costs more, and has not been shown to be better.

    Args:
        rows: rows as ``study_ranks`` returns them, at least one, in any order. ``ValueError`` is
            raised if a row has fewer than two losses, which have no standard error.

    Returns:
        A rank, an int.

    >>> choose_rank([(1, 8, [2.5, 2.7]), (2, 16, [2.0, 2.1]), (4, 32, [1.9, 2.1])])
    2

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2009, section
    7.10.1.
    """
    raise NotImplementedError("write choose_rank (about 5 lines)")
