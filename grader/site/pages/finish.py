"""When the course may be finished, in words and on one line of time beside the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from grader.grading.outcome import Standing
from grader.learner import forecast
from grader.learner.entry_text import name_day
from grader.site.formatting import format_minutes
from grader.site.site_data import SiteData
from grader.site.templating import fill_block


@dataclass(frozen=True, slots=True)
class StudyTime:
    """What the page of the pace shows."""

    site: SiteData
    begun: date
    """The first day with an attempt."""
    minutes: Mapping[date, float]
    recent: Sequence[forecast.Week]
    outlook: forecast.Forecast | forecast.NoForecast


def render_finish(known: StudyTime) -> str:
    """Render the forecast with its range, or why there is none."""
    found = known.outlook
    low, high = forecast.compute_planned_finish(known.site.course, known.begun)
    planned = (
        f"As the course is planned, it ends between {format_long(low)} and {format_long(high)}."
    )
    if isinstance(found, forecast.NoForecast):
        return f"## Finish\n\n{found.why} {planned}"
    left = sum(s.passed_at is None for s in _list_standings(known.site))
    until = f"and {format_long(found.latest)}" if found.latest else "and an unknown date"
    words = (
        f"At the rate of {name_weeks(known.recent)}, {_count_left(left)} passed by "
        f"**{format_long(found.finish)}**; between {format_long(found.earliest)} {until}. {planned}"
    )
    left_over, rate = format_minutes(found.left), format_minutes(found.rate)
    how = (
        f"What is left is estimated at {left_over} of exercises. {rate} of them were passed in a "
        f"week, with a standard error of {format_minutes(found.spread)}: the range takes "
        "the rate minus and plus that error. If the next weeks are like these, the finish is "
        "within it about two times in three. Days off that you have set are left out, and so are "
        "phases whose exercises are coming later."
    )
    return f"## Finish\n\n{words}\n\n{_draw_timeline(known, found, low, high)}\n\n{how}"


def _count_left(number: int) -> str:
    return f"the {number} exercises left are" if number != 1 else "the one exercise left is"


def _list_standings(site: SiteData) -> list[Standing]:
    return [site.standings.get(e.id, Standing(e.id)) for e in site.course.iterate_exercises()]


def _draw_timeline(known: StudyTime, found: forecast.Forecast, low: date, high: date) -> Markup:
    """Draw plan, time so far and forecast on one time line."""
    today, begun = known.site.today, known.begun
    end = max(high, found.finish, found.latest or found.finish, today)
    whole = (end - begun).days or 1

    def locate(day: date) -> float:
        return round(1000 * (day - begun).days / whole, 1)

    planned = _TimelineRow(
        "Planned", 0.0, locate(low), locate(high), f"{format_short(low)} to {format_short(high)}"
    )
    ends = locate(found.earliest), locate(found.latest or end)
    return fill_block(
        "pace/line.html",
        rows=[planned, _TimelineRow("Forecast", locate(today), *ends, _format_range(found))],
        now=locate(today),
        begun=format_short(begun),
        end=format_short(end),
    )


class _TimelineRow(NamedTuple):
    """A way of the time line, and the block in which it may end."""

    name: str
    start: float
    first: float
    last: float
    words: str


def _format_range(found: forecast.Forecast) -> str:
    latest = format_short(found.latest) if found.latest else "open"
    return f"{format_short(found.earliest)} to {latest}"


def name_weeks(recent: Sequence[forecast.Week]) -> str:
    """Return in words how many weeks that is."""
    return f"the last {len(recent)} weeks" if len(recent) > 1 else "one week"


def format_long(day: date) -> str:
    """Return a day as ``22 November 2026``."""
    return name_day(day).partition(", ")[2]


def format_short(day: date) -> str:
    """Return a day as ``22 Nov 2026``."""
    number, month, year = format_long(day).split(" ")
    return f"{number} {month[:3]} {year}"
