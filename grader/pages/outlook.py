"""When the course may be finished, in words and on one line of time beside the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from grader import pace
from grader.journal import title
from grader.outcome import Standing
from grader.pages.scene import Scene
from grader.pages.words import hours


@dataclass(frozen=True, slots=True)
class Studied:
    """What the page is made of."""

    scene: Scene
    begun: date
    """The first day with an attempt."""
    minutes: Mapping[date, float]
    recent: Sequence[pace.Week]
    outlook: pace.Forecast | pace.Silence


def finish(known: Studied) -> str:
    """The forecast with its range, or why there is none."""
    found = known.outlook
    low, high = pace.plan(known.scene.course, known.begun)
    planned = f"As the course is planned, it ends between {in_words(low)} and {in_words(high)}."
    if isinstance(found, pace.Silence):
        return f"## Finish\n\n{found.why} {planned}"
    left = sum(s.passed_at is None for s in _standings(known.scene))
    until = f"and {in_words(found.latest)}" if found.latest else "and no end in sight"
    words = (
        f"At the rate of {last_weeks(known.recent)}, {_left(left)} passed by "
        f"**{in_words(found.finish)}**; between {in_words(found.earliest)} {until}. {planned}"
    )
    how = (
        f"What is left is put at {hours(found.left)} of exercises. {hours(found.rate)} of them "
        f"were passed in a week, with a standard error of {hours(found.spread)}: the range takes "
        "the rate less and plus that error. If the weeks to come are like these, the finish lies "
        "in it about two times in three. Days off that you have set are left out, and so are "
        "phases whose exercises are still to come."
    )
    return f"## Finish\n\n{words}\n\n{_line(known, found, low, high)}\n\n{how}"


def _left(number: int) -> str:
    return f"the {number} exercises left are" if number != 1 else "the one exercise left is"


def _standings(scene: Scene) -> list[Standing]:
    return [scene.standings.get(e.id, Standing(e.id)) for e in scene.course.exercises()]


def _line(known: Studied, found: pace.Forecast, low: date, high: date) -> str:
    """Plan, what went by and forecast on one line of time."""
    today, begun = known.scene.today, known.begun
    end = max(high, found.finish, found.latest or found.finish, today)
    rows = [
        ("Planned", begun, low, high, f"{short(low)} to {short(high)}"),
        ("Forecast", today, found.earliest, found.latest or end, _range(found)),
    ]
    whole = (end - begun).days or 1

    def at(day: date) -> float:
        return round(1000 * (day - begun).days / whole, 1)

    drawn = "".join(
        f"<div><span>{name}</span>"
        f'<svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="gw-track" y="6" width="1000" height="4"/>'
        f'<rect class="gw-way" x="{at(start)}" y="6" '
        f'width="{at(first) - at(start):.1f}" height="4"/>'
        f'<rect class="gw-range" x="{at(first)}" y="1" '
        f'width="{max(4, at(last) - at(first)):.1f}" height="14"/>'
        f'<rect class="gw-now" x="{at(today) - 2:.1f}" width="3" height="16"/></svg>'
        f"<span>{words}</span></div>"
        for name, start, first, last, words in rows
    )
    return (
        f'<figure class="gw-line">{drawn}<figcaption>From {short(begun)} to {short(end)}; the '
        "upright line is today, the block the time in which the course ends.</figcaption></figure>"
    )


def _range(found: pace.Forecast) -> str:
    return f"{short(found.earliest)} to {short(found.latest) if found.latest else 'open'}"


def last_weeks(recent: Sequence[pace.Week]) -> str:
    """How many weeks that is, in words."""
    return f"the last {len(recent)} weeks" if len(recent) > 1 else "one week"


def in_words(day: date) -> str:
    """``22 November 2026``."""
    return title(day).partition(", ")[2]


def short(day: date) -> str:
    """``22 Nov 2026``."""
    number, month, year = in_words(day).split(" ")
    return f"{number} {month[:3]} {year}"
