"""What a check may claim of random numbers: how they are spread, with a known false-alarm rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch

from grader.grading.judge.describe import format_value
from grader.grading.judge.expect import Mismatch

DEVIATION = 3.0
"""By how much the share of numbers below a bound may be off, times the root of their count.

Of even draws, one set of 30 million is off by more (Kolmogorov and Smirnov: the probability is at
most 2 exp(-2 x^2) for a deviation x, Massart 1990).
"""


FALSE_ALARM = 1e-8
"""How probable it is at most that right draws are refused: of a hundred million claims, one."""
SHOWN = 6
"""So many outcomes are listed: those that are furthest from what is expected."""


def uniform(got: Any, bound: float, say: str) -> None:
    """Claim that the tensor's numbers are spread evenly from ``-bound`` to ``bound``.

    ``say`` is the rule, as a statement that holds for a right answer, as in ``holds``.
    """
    if not isinstance(got, torch.Tensor) or not got.numel():
        raise Mismatch(f"expected: {say}", "a tensor of random numbers", format_value(got))
    numbers = got.detach().flatten().double()
    drawn = (numbers / bound + 1).sort().values / 2
    ranks = torch.arange(len(drawn), dtype=torch.float64) / len(drawn)
    # Float32 rounds the bound itself, and so may a number be a rounding beyond it.
    inside = bool((drawn > -1e-6).all() and (drawn < 1 + 1e-6).all())
    if inside and float((drawn - ranks).abs().max()) < DEVIATION / len(drawn) ** 0.5:
        return
    raise Mismatch(
        f"expected: {say}",
        _describe(-bound, bound, bound / 3**0.5),
        _describe(float(numbers.min()), float(numbers.max()), float(numbers.std())),
    )


def _describe(lowest: float, highest: float, deviation: float) -> str:
    return f"{lowest:.4f} to {highest:.4f}, with a standard deviation of {deviation:.4f}"


def distributed_as(
    draws: Any, probabilities: Any, say: str, *, names: Sequence[str] | None = None
) -> None:
    """Claim that outcome ``i`` was drawn with probability ``probabilities[i]``.

    ``draws`` are independent outcomes, whole numbers from 0, as a list or a tensor. ``names`` are
    what the message calls them ("a", "b"), else their numbers. ``say`` is the rule, as in
    ``holds``. Right draws are refused with a probability of at most ``FALSE_ALARM``, however few
    or improbable the outcomes are.
    """
    chances = torch.as_tensor(probabilities, dtype=torch.float64).tolist()
    labels = names if names is not None else [str(outcome) for outcome in range(len(chances))]
    drawn = draws.detach().flatten().tolist() if isinstance(draws, torch.Tensor) else draws
    possible = f"whole numbers from 0 to {len(chances) - 1}"
    if not isinstance(drawn, list) or not drawn:
        raise Mismatch(f"expected: {say}", possible, format_value(draws))
    stray = [one for one in drawn if type(one) is not int or not 0 <= one < len(chances)]
    if stray:
        raise Mismatch(f"expected: {say}", possible, format_value(stray[0]))
    counts = [0] * len(chances)
    for one in drawn:
        counts[one] += 1
    if compute_tail(counts, chances) < FALSE_ALARM:
        expected = [chance * len(drawn) for chance in chances]
        furthest = sorted(
            range(len(chances)),
            key=lambda one: -abs(counts[one] - expected[one]) / max(expected[one], 1) ** 0.5,
        )
        shown = sorted(furthest[:SHOWN])
        raise Mismatch(
            f"expected: {say}",
            f"of {len(drawn):,} draws about " + _list_counts(expected, labels, shown),
            _list_counts(counts, labels, shown),
        )


def compute_tail(counts: Sequence[int], probabilities: Sequence[float]) -> float:
    """Return a bound on the probability of counts that are this far from the probabilities.

    The distance is n KL(counts / n || probabilities), half of the statistic of the G-test. For k
    outcomes and a distance x above k - 1, draws are as far away with a probability of at most
    exp(-x) (e x / (k - 1))^(k - 1). That holds for every n, where the chi-squared approximation of
    the G-test needs large counts (Agrawal, Finite-Sample Concentration of the Multinomial in
    Relative Entropy, 2020, theorem I.2).
    """
    total, degrees = sum(counts), sum(chance > 0 for chance in probabilities) - 1
    distance = 0.0
    for count, chance in zip(counts, probabilities, strict=True):
        if count and not chance:
            return 0.0  # it cannot be drawn at all
        if count:
            distance += count * math.log(count / (total * chance))
    if distance <= degrees:
        return 1.0
    if not degrees:
        return 1.0  # one outcome alone is possible, and it was drawn each time
    return math.exp(degrees - distance + degrees * math.log(distance / degrees))


def _list_counts(counts: Sequence[float], labels: Sequence[str], shown: Sequence[int]) -> str:
    more = len(counts) - len(shown)
    parts = [f"{labels[outcome]}: {counts[outcome]:,.0f}" for outcome in shown]
    return ", ".join(parts) + (f", and {more} more" if more else "")
