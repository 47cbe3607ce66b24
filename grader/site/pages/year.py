"""The year of study: a picture of its days, and a table that says the same.

A day of study is a link to its page. In the picture these links are for the pointer alone: for the
keyboard and for screen readers there are the same ones in the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from grader.learner.entry_text import MONTHS, name_day
from grader.learner.study_days import IsDayOff
from grader.site.formatting import make_href, pluralize
from grader.site.page_paths import locate_day, locate_month
from grader.site.pages.log_days import StudyCount
from grader.site.tables import TableCell, TableRow, render_html_table
from grader.site.templating import fill_block

WEEKS = 53
STEPS = (1, 3, 6, 11)
"""The fewest attempts for each of the four sizes of a day.

An entry in the log counts as one, and so do a reading, an exercise solved again and ten cards."""

_PITCH, _CELL, _LEFT, _TOP = 14, 12, 30, 16
_SIZES = (6, 8, 10, 12)
_WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
_DAY = timedelta(days=1)

Done = Mapping[date, tuple[int, bool, StudyCount]]
"""For each day of study its attempts, whether there is an entry, and what was reviewed and read."""


def render_year(done: Done, today: date, is_off: IsDayOff, page: str) -> str:
    """Render the last 53 weeks for a page: two halves, one below the other where it is narrow."""
    starts = _list_weeks(today)
    half = WEEKS // 2 + 1
    days = [starts[0] + _DAY * n for n in range((today - starts[0]).days + 1)]
    picture = fill_block(
        "year/picture.html",
        halves=[
            _make_half(part, done, today, is_off, page) for part in (starts[:half], starts[half:])
        ],
        scale=[_draw_square((_PITCH * n, 0), n) for n in range(1, len(_SIZES) + 1)],
        steps=STEPS,
    )
    table = fill_block("year/table.html", table=_render_table(days, done, is_off, page))
    return f"{picture}\n\n{table}"


def count_days(done: Done, today: date) -> int:
    """Count the days of study that the picture shows."""
    first = _list_weeks(today)[0]
    return sum(first <= day <= today for day in done)


def _list_weeks(today: date) -> list[date]:
    """List the first days of the weeks, the oldest first."""
    monday = today - _DAY * today.weekday()
    return [monday - timedelta(weeks=n) for n in reversed(range(WEEKS))]


def choose_size(attempts: int, wrote: bool, studied: StudyCount) -> int:
    """Return the size of a day of study, 1 to 4; 0 for a day without."""
    return sum(attempts + wrote + studied.weight >= least for least in STEPS)


class _HalfYear(NamedTuple):
    """Half a year, as the picture draws it; what has a ``y`` and an ``x`` has a place."""

    width: int
    height: int
    texts: list[_Text]
    empty: str
    """The path of the days without study."""
    off: str
    """The path of the days off."""
    groups: list[tuple[int, list[_Square]]]
    """Sizes, and for each its days of study."""
    today: tuple[int, int] | None


class _Square(NamedTuple):
    """A day of study: its page, what was done, and the paths that are drawn and clicked."""

    link: str
    says: str
    path: str
    area: str


class _Text(NamedTuple):
    """A month's or a weekday's name; a weekday's ends at its place."""

    x: int
    y: int
    name: str
    ends: bool


def _make_half(
    starts: Sequence[date], done: Done, today: date, is_off: IsDayOff, page: str
) -> _HalfYear:
    days = [s + _DAY * n for s in starts for n in range(7) if s + _DAY * n <= today]
    cells = {day: _locate_cell(day, starts[0]) for day in days}
    studied = [day for day in days if day in done]
    rest = [day for day in days if day not in done]
    return _HalfYear(
        width=_LEFT + _PITCH * (WEEKS // 2 + 1),
        height=_TOP + _PITCH * 7,
        texts=[*_list_weekdays(), *_list_months(starts)],
        empty=_draw_dots(cells[d] for d in rest if not is_off(d)),
        off=_draw_dashes(cells[d] for d in rest if is_off(d)),
        groups=_group_by_size(studied, cells, done, page),
        today=cells.get(today),
    )


def _locate_cell(day: date, first: date) -> tuple[int, int]:
    week, weekday = divmod((day - first).days, 7)
    return _LEFT + _PITCH * week, _TOP + _PITCH * weekday


def _list_weekdays() -> Iterator[_Text]:
    """Yield the weekdays beside their rows."""
    for n, name in enumerate(_WEEKDAYS):
        if name:
            yield _Text(_LEFT - 6, _TOP + _PITCH * n + 10, name, True)


def _list_months(starts: Sequence[date]) -> Iterator[_Text]:
    """Yield the months above their first whole week."""
    for n, start in enumerate(starts):
        if start.day <= 7:
            name = MONTHS[start.month - 1][:3] + (f" {start.year}" if start.month == 1 else "")
            yield _Text(_LEFT + _PITCH * n, 10, name, False)


def _group_by_size(
    days: Sequence[date], cells: Mapping[date, tuple[int, int]], done: Done, page: str
) -> list[tuple[int, list[_Square]]]:
    """Return a square for each day, grouped by size."""
    groups: dict[int, list[_Square]] = {step: [] for step in range(1, len(STEPS) + 1)}
    for day in days:
        step = choose_size(*done[day])
        if step:
            says = f"{_format_date(day)}: {_describe_day(*done[day])}"
            x, y = cells[day]
            area = f"M{x - 1} {y - 1}h{_PITCH}v{_PITCH}h-{_PITCH}z"
            link = make_href(page, locate_day(day))
            groups[step].append(_Square(link, says, _draw_square((x, y), step), area))
    return [(step, squares) for step, squares in groups.items() if squares]


def _draw_square(corner: tuple[int, int], step: int) -> str:
    """Return a path one smaller than the square, since a line around it rounds its corners."""
    size = _SIZES[step - 1] - 2
    x, y = (at + (_CELL - size) // 2 for at in corner)
    return f"M{x} {y}h{size}v{size}h-{size}z"


def _describe_day(attempts: int, wrote: bool, studied: StudyCount) -> str:
    parts = [pluralize(attempts, "attempt")] * bool(attempts) + ["log"] * wrote
    return ", ".join([*parts, *studied.list_words()])


def _draw_dots(corners: Iterator[tuple[int, int]]) -> str:
    return "".join(f"M{x + 5} {y + 5}h2v2h-2z" for x, y in corners)


def _draw_dashes(corners: Iterator[tuple[int, int]]) -> str:
    return "".join(f"M{x + 2} {y + 5}h8v2h-8z" for x, y in corners)


def _render_table(days: Sequence[date], done: Done, is_off: IsDayOff, page: str) -> Markup:
    rows = []
    for (y, month), group in groupby(reversed(days), lambda day: (day.year, day.month)):
        held = sorted(group)
        studied = [day for day in held if day in done]
        off = [day.day for day in held if day not in done and is_off(day)]
        cells = (
            TableCell(
                f"{MONTHS[month - 1]} {y}",
                link=make_href(page, locate_month(held[0])) if studied else "",
            ),
            TableCell(len(studied)),
            TableCell(_link_days(studied, page)),
            TableCell(_format_ranges(off)),
        )
        rows.append(TableRow(cells))
    return render_html_table(["Month", "Days studied", "Which", "Days off"], rows, "gw-ledger")


def _link_days(days: Sequence[date], page: str) -> str:
    """Return the numbers of days, each a link to its page; "none" for an empty list."""
    if not days:
        return "none"
    links = [(make_href(page, locate_day(day)), day.day) for day in days]
    return fill_block("year/days.html", days=links)


def _format_ranges(numbers: Sequence[int]) -> str:
    """Return ``1–3, 5``; "none" for an empty list."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return ", ".join(texts) or "none"


def _format_date(day: date) -> str:
    return name_day(day).partition(", ")[2]
