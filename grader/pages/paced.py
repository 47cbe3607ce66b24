"""The pace: hours and weeks as planned and as they went, and the forecast with its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from grader import pace
from grader.course import Phase
from grader.journal import title
from grader.logline import minutes_of
from grader.outcome import Standing
from grader.pages.day import by_day
from grader.pages.places import Places
from grader.pages.scene import Scene
from grader.pages.words import count, escape, hours, table, wide

_PAGE = "pace.md"
_HOUR = """## What an hour is

On each day two counts are taken: the minutes that lines of the log end in, as
`grade log "read the paper" --minutes 25` writes them, and the time between attempts that lie at
most 45 minutes apart. Both may have seen the same time, so the larger one counts and not their
sum. A lone attempt counts for nothing, nor does what came before a day's first one. So the hours
are those that were seen; more may have been worked.

A phase has the hours of the days on which it was tried; where several phases share a day, its
hours are shared by the attempts. A day without an attempt counts for the phase of the last attempt
before it. The weeks of a phase run from its first attempt to its last first pass, or to today;
days off are left out."""


@dataclass(frozen=True, slots=True)
class _Studied:
    """What the page is made of."""

    scene: Scene
    begun: date
    """The first day with an attempt."""
    minutes: Mapping[date, float]
    recent: Sequence[pace.Week]
    outlook: pace.Forecast | pace.Silence


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The page of the pace."""
    logged = {entry.day: minutes_of(entry.text) for entry in scene.entries}
    minutes = pace.studied(scene.attempts, logged)
    begun = min(by_day(scene.attempts), default=None)
    parts = ["# Pace"]
    if begun is None or begun > scene.today:
        parts += [_nothing(minutes), _plan(scene)]
    else:
        off, course = scene.settings.is_off, scene.course
        recent = pace.weeks(course, scene.standings, minutes, begun, scene.today, off)
        outlook = pace.forecast(course, scene.standings, recent, scene.today, off)
        known = _Studied(scene, begun, minutes, recent, outlook)
        parts += [_figures(known), _finish(known), _phases(known), _weeks(known)]
    return {_PAGE: wide("\n\n".join([*parts, _HOUR]) + "\n")}


def _nothing(minutes: Mapping[date, float]) -> str:
    total = sum(minutes.values())
    seen = f"{hours(total)} logged so far. " if total else ""
    return f"{seen}The weeks begin with the first attempt: type `grade`."


def _figures(known: _Studied) -> str:
    total = sum(known.minutes.values()) / 60
    meant = known.scene.settings.hours_a_week
    told = [f"<strong>{total:.1f}</strong> hours in all, since {_day(known.begun)}"]
    if known.recent:
        last = known.recent[-1]
        told.append(
            f"<strong>{last.hours:.1f}</strong> hours in the last week, {meant:g} are meant"
        )
        mean = sum(week.hours for week in known.recent) / len(known.recent)
        told.append(f"<strong>{mean:.1f}</strong> hours a week, the mean of {_of(known.recent)}")
    items = "".join(f"<li>{words}</li>" for words in told)
    return f'<ul class="gw-figures">{items}</ul>'


def _of(recent: Sequence[pace.Week]) -> str:
    return f"the last {len(recent)} weeks" if len(recent) > 1 else "one week"


def _finish(known: _Studied) -> str:
    found = known.outlook
    low, high = pace.plan(known.scene.course, known.begun)
    planned = f"As the course is planned, it ends between {_day(low)} and {_day(high)}."
    if isinstance(found, pace.Silence):
        return f"## Finish\n\n{found.why} {planned}"
    left = sum(s.passed_at is None for s in _standings(known.scene))
    until = f"and {_day(found.latest)}" if found.latest else "and no end in sight"
    words = (
        f"At the rate of {_of(known.recent)}, {_left(left)} passed by "
        f"**{_day(found.finish)}**; between {_day(found.earliest)} {until}. {planned}"
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


def _line(known: _Studied, found: pace.Forecast, low: date, high: date) -> str:
    """Plan, what went by and forecast on one line of time."""
    today, begun = known.scene.today, known.begun
    end = max(high, found.finish, found.latest or found.finish, today)
    rows = [
        ("Planned", begun, low, high, f"{_short(low)} to {_short(high)}"),
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
        f'<figure class="gw-line">{drawn}<figcaption>From {_short(begun)} to {_short(end)}; the '
        "upright line is today, the block the time in which the course ends.</figcaption></figure>"
    )


def _range(found: pace.Forecast) -> str:
    return f"{_short(found.earliest)} to {_short(found.latest) if found.latest else 'open'}"


def _phases(known: _Studied) -> str:
    scene, rows = known.scene, []
    args = (scene.attempts, known.minutes, scene.today, scene.settings.is_off)
    for went in pace.phases(scene.course, scene.standings, *args):
        total = scene.progress.phases[went.phase.id]
        rows.append(
            [
                escape(went.phase.title),
                _planned(went.phase, scene.settings.hours_a_week),
                f"{went.planned / 60:.1f} h",
                _so_far(went),
                f"{went.hours:.1f} h" if went.hours else "–",
                f"{total.passed} of {total.exercises}" + ", complete" * went.complete,
            ]
        )
    head = ["Phase", "Planned", "Its exercises", "Weeks so far", "Hours so far", "Passed"]
    meant = f"{scene.settings.hours_a_week:g} hours a week are meant; `hours_a_week` in "
    where = (
        "[the settings](guide/settings.md) changes that."
        if _has_guide(scene)
        else "the settings changes that."
    )
    return f"## Phases\n\n{meant}{where}\n\n{table(head, rows)}"


def _has_guide(scene: Scene) -> bool:
    return "settings.md" in scene.guides


def _planned(phase: Phase, meant: float) -> str:
    low, high = phase.weeks
    return f"{low} to {high} weeks, {low * meant:g} to {high * meant:g} h"


def _so_far(went: pace.Went) -> str:
    return "not begun" if went.weeks is None else f"{went.weeks:.1f}"


def _plan(scene: Scene) -> str:
    meant = scene.settings.hours_a_week
    rows = [[escape(phase.title), _planned(phase, meant)] for phase in scene.course.phases]
    return f"## Phases\n\n{table(['Phase', 'Planned'], rows)}"


def _weeks(known: _Studied) -> str:
    if not known.recent:
        return "## The last weeks\n\nThe first week is not over yet."
    meant = known.scene.settings.hours_a_week
    most = max(meant, *(week.hours for week in known.recent))
    rows = "".join(
        f'<tr><th scope="row">{_stretch(week)}</th>'
        f"<td>{week.hours:.1f} {_bar(week.hours / most, meant / most)}</td>"
        f"<td>{_won(week)}</td></tr>"
        for week in reversed(known.recent)
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Week", "Hours", "First passed"))
    note = f"A day off makes its week longer. The upright line stands at the {meant:g} hours meant."
    return (
        f"## The last weeks\n\n{note}\n\n"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _bar(share: float, meant: float) -> str:
    return (
        '<svg class="gw-hours" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="gw-track" width="100" height="8"/>'
        f'<rect class="gw-range" width="{100 * share:.1f}" height="8"/>'
        f'<rect class="gw-now" x="{100 * meant - 0.7:.1f}" width="0.7" height="8"/></svg>'
    )


def _stretch(week: pace.Week) -> str:
    """``17 to 24 Nov 2026``, with month and year only where they differ."""
    first, last = _short(week.first).split(" "), _short(week.last).split(" ")
    same = next((n for n in range(3) if first[n:] == last[n:]), 3)
    return f"{' '.join(first[: max(1, same)])} to {' '.join(last)}"


def _won(week: pace.Week) -> str:
    if not week.passed:
        return "none"
    return f"{count(week.passed, 'exercise')}, put at {hours(week.worth)}"


def _day(day: date) -> str:
    return title(day).partition(", ")[2]


def _short(day: date) -> str:
    """``22 Nov 2026``."""
    number, month, year = _day(day).split(" ")
    return f"{number} {month[:3]} {year}"
