"""Two things measured in turn, A B A B, and what their ratio is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

Seconds = Callable[[], float]
"""Does something once and says how long it took."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """What was measured: seconds of ours and of theirs, and ours as a part of theirs."""

    ours: float
    theirs: float
    ratio: float
    low: float
    high: float
    count: int


def timed(act: Callable[[], object]) -> Seconds:
    """The act, with the seconds that it takes."""

    def once() -> float:
        began = time.perf_counter()
        act()
        return time.perf_counter() - began

    return once


def paired(ours: Seconds, theirs: Seconds, count: int) -> Ratio:
    """The median of the pairs' ratios, after one of each that does not count."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(count)]
    ratios = sorted(own / other for own, other in pairs)
    return Ratio(
        median(own for own, _ in pairs),
        median(other for _, other in pairs),
        median(ratios),
        ratios[0],
        ratios[-1],
        count,
    )


def tail(seconds: Sequence[float]) -> Ratio:
    """The 99th percentile as a multiple of the median; its range is that of single runs."""
    ordered, middle = sorted(seconds), median(seconds)
    late = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    low, high = ordered[0] / middle, ordered[-1] / middle
    return Ratio(late, middle, late / middle, low, high, len(ordered))
