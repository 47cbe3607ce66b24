"""The year of study: a picture of its days, and a table that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from grader.journal import MONTHS, title
from grader.pages.words import attribute, count, ledger
from grader.progress import Off

WEEKS = 53
STEPS = (1, 3, 6, 11)
"""The least that the four sizes of a day stand for: attempts, and one for an entry."""

_PITCH, _CELL, _LEFT, _TOP = 14, 12, 30, 16
_SIZES = (6, 8, 10, 12)
_WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
_DAY = timedelta(days=1)

Done = Mapping[date, tuple[int, bool]]
"""For each day of study its attempts, and whether there is an entry."""


def year(done: Done, today: date, is_off: Off) -> str:
    """The last 53 weeks in two halves, which stand one above the other where there is no room."""
    monday = today - _DAY * today.weekday()
    starts = [monday - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    half = WEEKS // 2 + 1
    pictures = [_half(part, done, today, is_off) for part in (starts[:half], starts[half:])]
    days = [starts[0] + _DAY * n for n in range((today - starts[0]).days + 1)]
    return (
        f'<figure class="gw-year"><div class="gw-halves">{"".join(pictures)}</div>'
        f"<figcaption>{_legend()}</figcaption></figure>\n\n{_table(days, done, is_off)}"
    )


def level(attempts: int, wrote: bool) -> int:
    """The size of a day of study, 1 to 4; 0 for a day without."""
    return sum(attempts + wrote >= least for least in STEPS)


def _half(starts: Sequence[date], done: Done, today: date, is_off: Off) -> str:
    days = [s + _DAY * n for s in starts for n in range(7) if s + _DAY * n <= today]
    cells = {day: _corner(day, starts[0]) for day in days}
    studied = [day for day in days if day in done]
    rest = [day for day in days if day not in done]
    label = f"{_span(days[0], days[-1])}: {count(len(studied), 'day')} of study"
    width, height = _LEFT + _PITCH * (WEEKS // 2 + 1), _TOP + _PITCH * 7
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{attribute(label)}">'
        f"{_labels(starts)}"
        f'<path class="gw-y0" d="{_dots(cells[d] for d in rest if not is_off(d))}"/>'
        f'<path class="gw-off" d="{_dashes(cells[d] for d in rest if is_off(d))}"/>'
        f"{_studied(studied, cells, done)}"
        f"{_ring(cells[today]) if today in cells else ''}</svg>"
    )


def _corner(day: date, first: date) -> tuple[int, int]:
    week, weekday = divmod((day - first).days, 7)
    return _LEFT + _PITCH * week, _TOP + _PITCH * weekday


def _labels(starts: Sequence[date]) -> str:
    """The months above their first whole week, the weekdays beside their rows."""
    drawn = [
        f'<text x="{_LEFT - 6}" y="{_TOP + _PITCH * n + 10}" text-anchor="end">{name}</text>'
        for n, name in enumerate(_WEEKDAYS)
        if name
    ]
    for n, start in enumerate(starts):
        if start.day <= 7:
            name = MONTHS[start.month - 1][:3] + (f" {start.year}" if start.month == 1 else "")
            drawn.append(f'<text x="{_LEFT + _PITCH * n}" y="10">{name}</text>')
    return "".join(drawn)


def _studied(days: Sequence[date], cells: Mapping[date, tuple[int, int]], done: Done) -> str:
    """A square for each day, in groups of one size."""
    groups = []
    for step in range(1, len(STEPS) + 1):
        held = [day for day in days if level(*done[day]) == step]
        squares = "".join(_square(day, cells[day], step, *done[day]) for day in held)
        groups.append(f'<g class="gw-y{step}">{squares}</g>' if held else "")
    return "".join(groups)


def _square(day: date, corner: tuple[int, int], step: int, attempts: int, wrote: bool) -> str:
    """Drawn one smaller than it is, for its corners are rounded by a line around it."""
    size = _SIZES[step - 1] - 2
    x, y = (at + (_CELL - size) // 2 for at in corner)
    said = f"{_short(day)}: {_said(attempts, wrote)}"
    return f'<path d="M{x} {y}h{size}v{size}h-{size}z"><title>{said}</title></path>'


def _said(attempts: int, wrote: bool) -> str:
    told = [count(attempts, "attempt")] * bool(attempts) + ["log"] * wrote
    return ", ".join(told)


def _dots(corners: Iterator[tuple[int, int]]) -> str:
    return "".join(f"M{x + 5} {y + 5}h2v2h-2z" for x, y in corners)


def _dashes(corners: Iterator[tuple[int, int]]) -> str:
    return "".join(f"M{x + 2} {y + 5}h8v2h-8z" for x, y in corners)


def _ring(corner: tuple[int, int]) -> str:
    x, y = corner
    return (
        f'<rect class="gw-today" x="{x - 1}" y="{y - 1}" width="14" height="14" rx="3">'
        "<title>Today</title></rect>"
    )


def _legend() -> str:
    steps = "".join(
        f'<path class="gw-y{n}" d="M{_PITCH * n + (_CELL - size) // 2} {(_CELL - size) // 2}'
        f'h{size}v{size}h-{size}z"/>'
        for n, size in enumerate((whole - 2 for whole in _SIZES), start=1)
    )
    dot = '<path class="gw-y0" d="M5 5h2v2h-2z"/>'
    dash = (
        '<svg viewBox="0 0 12 12" aria-hidden="true"><path class="gw-off" d="M2 5h8v2h-8z"/></svg>'
    )
    scale = f'<svg viewBox="0 0 70 12" aria-hidden="true">{dot}{steps}</svg>'
    words = ", ".join(f"{least}" for least in STEPS)
    return (
        f"<span>nothing {scale} {words} or more attempts; an entry in the log counts as one</span>"
        f"<span>{dash} day off</span>"
    )


def _table(days: Sequence[date], done: Done, is_off: Off) -> str:
    rows = []
    for (y, month), group in groupby(reversed(days), lambda day: (day.year, day.month)):
        held = sorted(group)
        studied = [day.day for day in held if day in done]
        off = [day.day for day in held if day not in done and is_off(day)]
        name = f"{MONTHS[month - 1]} {y}"
        rows.append([name, str(len(studied)), _ranges(studied), _ranges(off)])
    told = ledger(["Month", "Days studied", "Which", "Days off"], rows)
    return f'<details class="gw-equal"><summary>The same as a table</summary>{told}</details>'


def _ranges(numbers: Sequence[int]) -> str:
    """``1–3, 5``; a dash when there are none."""
    told: list[list[int]] = []
    for number in numbers:
        if told and number == told[-1][-1] + 1:
            told[-1].append(number)
        else:
            told.append([number])
    runs = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in told]
    return ", ".join(runs) or "none"


def _span(first: date, last: date) -> str:
    return f"{_short(first)} to {_short(last)}"


def _short(day: date) -> str:
    return title(day).partition(", ")[2]
