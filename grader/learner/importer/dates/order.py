"""The order of day, month and year: settled by weekdays, by other dates, and by neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from grader.learner.importer.dates.meanings import Reading, WrittenDate

_CLOSE, _FAR, _VERY_FAR = 10, 26, 300
"""Days between entries written one after the other, those of two months, and those of two years."""


def resolve_order(
    days: Sequence[WrittenDate], today: date | None = None
) -> list[WrittenDate | None]:
    """Return the dates with day, month and year in order; None for one that stays ambiguous.

    First each date by itself: its weekday, and the calendar, may fit one reading alone. Then one
    writer keeps to one order: ``20/04`` in the same journal shows that ``03/04`` is in April. And
    last the neighbours: where dates are days apart in one order and months apart in the other, the
    first is theirs. If the clear dates contradict each other, they decide nothing.
    """
    choices = [_filter_readings(day, today) for day in days]
    clear = {readings[0][0] for readings in choices if len(readings) == 1} - {""}
    resolved: list[WrittenDate | None] = []
    orders: dict[bool, str] = {}
    for short in (False, True):
        kin = [r for day, r in zip(days, choices, strict=True) if day.short is short]
        orders[short] = _choose_order(clear if short else clear - {"year"}, kin)
    for day, readings in zip(days, choices, strict=True):
        order = orders[day.short]
        if not order and day.year is None and clear == {"year"}:  # 2025.07.20 and then 07.03
            order = "month"
        fitting = readings if len(readings) == 1 else [r for r in readings if r[0] == order]
        resolved.append(_apply(day, fitting[0]) if fitting else None)
    return resolved


def _choose_order(clear: set[str], choices: Sequence[Sequence[Reading]]) -> str:
    """Return the one order of the clear dates, or else the order that fits the neighbours."""
    if clear:
        return next(iter(clear)) if len(clear) == 1 else ""
    return _choose_by_gaps(choices)


def _filter_readings(day: WrittenDate, today: date | None) -> list[Reading]:
    """Return what a date can mean, in view of its weekday and of today."""
    readings = list(day.readings) or [("", day.year, day.month, day.day)]
    if len(readings) == 1:
        return readings
    real = [(reading, made) for reading in readings if (made := _make(reading))]
    if today and (past := [pair for pair in real if pair[1].year <= today.year + 1]):
        real = past
    named = [pair for pair in real if pair[1].weekday() in day.weekdays]
    if named and readings[0][1] is not None:
        real = named
    return [reading for reading, _ in real] or readings


def _make(reading: Reading, year: int = 2024) -> date | None:
    try:
        return date(reading[1] or year, reading[2], reading[3])
    except ValueError:
        return None


def _choose_by_gaps(choices: Sequence[Sequence[Reading]]) -> str:
    """Return the order in which the dates follow each other closely; empty if none stands out."""
    open_ones = [readings for readings in choices if len(readings) > 1]
    orders = set.intersection(*({r[0] for r in one} for one in open_ones)) if open_ones else set()
    gaps = {order: _list_gaps(open_ones, order) for order in orders}
    close = [order for order, apart in gaps.items() if apart and max(apart) <= _CLOSE]
    if len(close) != 1:
        return ""
    others = [min(apart) for order, apart in gaps.items() if order != close[0] and apart]
    far = _FAR if len(open_ones) > 2 else _VERY_FAR
    return close[0] if all(gap >= far for gap in others) else ""


def _list_gaps(choices: Sequence[Sequence[Reading]], order: str) -> list[int]:
    made = [_make(reading) for readings in choices for reading in readings if reading[0] == order]
    days = [day for day in made if day is not None]
    return [abs((later - earlier).days) for earlier, later in pairwise(days)]


def _apply(day: WrittenDate, reading: Reading) -> WrittenDate:
    _, year, month, number = reading
    return replace(day, year=year, month=month, day=number, readings=(reading,))
