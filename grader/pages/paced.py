"""The pace: hours and weeks as planned and as they went, and the forecast with its range."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from grader import pace
from grader.course import Phase
from grader.logline import minutes_of
from grader.pages.day import by_day
from grader.pages.outlook import Studied, finish, in_words, last_weeks, short
from grader.pages.places import Places
from grader.pages.scene import Scene
from grader.pages.words import attribute, count, hours, ledger, wide

_PAGE = "pace.md"
_SETTINGS = "guide/settings.md"
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
        known = Studied(scene, begun, minutes, recent, outlook)
        parts += [_figures(known), finish(known), _phases(known), _weeks(known)]
    return {_PAGE: wide("\n\n".join([*parts, _HOUR]) + "\n")}


def _nothing(minutes: Mapping[date, float]) -> str:
    total = sum(minutes.values())
    seen = f"{hours(total)} logged so far. " if total else ""
    return f"{seen}The weeks begin with the first attempt: type `grade`."


def _figures(known: Studied) -> str:
    total = sum(known.minutes.values()) / 60
    meant = known.scene.settings.hours_a_week
    told = [f"<strong>{total:.1f}</strong> hours in all, since {in_words(known.begun)}"]
    if known.recent:
        last = known.recent[-1]
        told.append(
            f"<strong>{last.hours:.1f}</strong> hours in the last week, {meant:g} are meant"
        )
        mean = sum(week.hours for week in known.recent) / len(known.recent)
        told.append(
            f"<strong>{mean:.1f}</strong> hours a week, the mean of {last_weeks(known.recent)}"
        )
    items = "".join(f"<li>{words}</li>" for words in told)
    return f'<ul class="gw-figures">{items}</ul>'


def _phases(known: Studied) -> str:
    scene = known.scene
    meant = scene.settings.hours_a_week
    args = (scene.attempts, known.minutes, scene.today, scene.settings.is_off)
    rows = []
    for went in pace.phases(scene.course, scene.standings, *args):
        total = scene.progress.phases[went.phase.id]
        passed = f"{total.passed} of {total.exercises}" + ", complete" * went.complete
        put = f"{went.planned / 60:.1f} h"
        planned = _planned(went.phase, meant)
        rows.append([attribute(went.phase.title), planned, put, _so_far(went), passed])
    head = ["Phase", "Planned", "Put at", "So far", "Passed"]
    told = (
        f"{meant:g} hours a week are meant: [`hours_a_week` in the settings]({_SETTINGS}) changes "
        "that. A phase is put at the minutes of its exercises."
    )
    return f"## Phases\n\n{_linked(scene, told)}\n\n{ledger(head, rows)}"


def _linked(scene: Scene, told: str) -> str:
    """The words, with the link to the guide only where there is one."""
    guide = _SETTINGS.removeprefix("guide/") in scene.guides
    return told if guide else told.replace("[", "").replace(f"]({_SETTINGS})", "")


def _planned(phase: Phase, meant: float) -> str:
    low, high = phase.weeks
    return f"{low} to {high} weeks, {low * meant:g} to {high * meant:g} h"


def _so_far(went: pace.Went) -> str:
    if went.weeks is None:
        return f"{went.hours:.1f} h" if went.hours else "not begun"
    return f"{went.weeks:.1f} weeks, {went.hours:.1f} h"


def _plan(scene: Scene) -> str:
    meant = scene.settings.hours_a_week
    rows = [[attribute(p.title), _planned(p, meant)] for p in scene.course.phases]
    return f"## Phases\n\n{ledger(['Phase', 'Planned'], rows)}"


def _weeks(known: Studied) -> str:
    if not known.recent:
        return "## The last weeks\n\nThe first week is not over yet."
    meant = known.scene.settings.hours_a_week
    most = max(meant, *(week.hours for week in known.recent))
    rows = [
        [_stretch(w), f"{w.hours:.1f} {_bar(w.hours / most, meant / most)}", _won(w)]
        for w in reversed(known.recent)
    ]
    note = f"A day off makes its week longer. The upright line stands at the {meant:g} hours meant."
    return f"## The last weeks\n\n{note}\n\n{ledger(['Week', 'Hours', 'First passed'], rows)}"


def _bar(share: float, meant: float) -> str:
    return (
        '<svg class="gw-hours" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="gw-track" width="100" height="8"/>'
        f'<rect class="gw-range" width="{100 * share:.1f}" height="8"/>'
        f'<rect class="gw-now" x="{100 * meant - 0.7:.1f}" width="0.7" height="8"/></svg>'
    )


def _stretch(week: pace.Week) -> str:
    """``17 to 24 Nov 2026``, with month and year only where they differ."""
    first, last = short(week.first).split(" "), short(week.last).split(" ")
    same = next((n for n in range(3) if first[n:] == last[n:]), 3)
    return f"{' '.join(first[: max(1, same)])} to {' '.join(last)}"


def _won(week: pace.Week) -> str:
    if not week.passed:
        return "none"
    return f"{count(week.passed, 'exercise')}, put at {hours(week.worth)}"
