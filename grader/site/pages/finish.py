"""When the course may be finished, in words and on one line of time beside the target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    start: forecast.Start
    minutes: Mapping[date, float]
    recent: Sequence[forecast.Week]
    outlook: forecast.Forecast | forecast.NoForecast


def render_finish(known: StudyTime) -> str:
    """Render the forecast with its range, or why there is none."""
    found, target = known.outlook, known.site.settings.hours_a_week
    end = forecast.compute_target_finish(known.site.course, known.start, known.site.settings.is_off)
    meant = f"At the target of {target:g} hours a week from the first day on, it would be " + (
        f"{format_long(end)}." if end else "more than ten years away."
    )
    if isinstance(found, forecast.NoForecast):
        return f"## Finish\n\n{found.why} {meant}"
    left = sum(s.passed_at is None for s in _list_standings(known.site))
    until = f"and {format_long(found.latest)}" if found.latest else "and an unknown date"
    words = (
        f"At {_describe_rate(known, found)}, {_count_left(left)} passed by "
        f"**{format_long(found.finish)}**; between {format_long(found.earliest)} {until}. {meant}"
    )
    timeline = _draw_timeline(known, found, end)
    return f"## Finish\n\n{words}\n\n{timeline}\n\n{_explain_range(known, found)}"


def _describe_rate(known: StudyTime, found: forecast.Forecast) -> str:
    if not found.target_share:
        return f"the rate of {name_weeks(known.recent)}"
    share = max(1, round(100 * found.target_share))
    return f"the rate of the first days and, to {share} %, of the target"


def _explain_range(known: StudyTime, found: forecast.Forecast) -> str:
    """Explain where the range comes from, and how sure it is."""
    spread = format_minutes(found.spread)
    left = (
        f"What is left is estimated at {format_minutes(found.left)} of exercises, and "
        f"{format_minutes(found.rate)} of them in a week, give or take {spread}: the range "
        "takes the rate minus and plus that. "
    )
    how = (
        f"In the first {forecast.SETTLED} weeks the target counts too, less with every day, and "
        "the range narrows with each. "
        if found.target_share
        else "That is the standard error of the last weeks: if the next ones are like these, the "
        "finish is within the range about two times in three. "
    )
    return (
        f"{left}{how}Estimate, target and forecast are of the exercises that there are today; days "
        "off that you have set are left out, and so are phases whose exercises are coming later."
    )


def _count_left(number: int) -> str:
    return f"the {number} exercises left are" if number != 1 else "the one exercise left is"


def _list_standings(site: SiteData) -> list[Standing]:
    return [site.standings.get(e.id, Standing(e.id)) for e in site.course.iterate_exercises()]


def _draw_timeline(known: StudyTime, found: forecast.Forecast, target: date | None) -> Markup:
    """Draw target and forecast on one time line."""
    today, begun = known.site.today, known.start.begun
    end = max(target or today, found.finish, found.latest or found.finish, today)
    whole = (end - begun).days or 1

    def locate(day: date) -> float:
        return round(1000 * (day - begun).days / whole, 1)

    rows = [_TimelineRow("Forecast", locate(today), *_locate_range(found, end, locate))]
    if target is not None:
        at = locate(target)
        rows.insert(0, _TimelineRow("Target", 0.0, at, at, format_short(target)))
    return fill_block(
        "pace/line.html",
        rows=rows,
        now=locate(today),
        begun=format_short(begun),
        end=format_short(end),
    )


def _locate_range(
    found: forecast.Forecast, end: date, locate: Callable[[date], float]
) -> tuple[float, float, str]:
    """Return where the range lies on the line, and what is written beside it."""
    latest = format_short(found.latest) if found.latest else "open"
    words = f"{format_short(found.earliest)} to {latest}"
    return locate(found.earliest), locate(found.latest or end), words


class _TimelineRow(NamedTuple):
    """A way of the time line, and the block in which it may end."""

    name: str
    start: float
    first: float
    last: float
    words: str


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
