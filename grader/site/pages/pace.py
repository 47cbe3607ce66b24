"""The pace: hours and weeks as estimated and as they went, and the forecast with its range."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup

from grader.learner import forecast
from grader.learner.states import COMING_LATER
from grader.site.formatting import format_minutes, hide_sidebars, pluralize
from grader.site.links import LinkResolver
from grader.site.pages.finish import StudyTime, format_long, format_short, name_weeks, render_finish
from grader.site.pages.log_days import group_by_day
from grader.site.site_data import SiteData
from grader.site.tables import TableCell, TableRow, render_html_table
from grader.site.templating import fill_block

_PAGE = "pace.md"
_SETTINGS = "guide/settings.md"
_HOUR = """## How hours are counted

Each day has two counts: the minutes at the ends of log lines, as
`grade log "read the paper" --minutes 25` writes them, and the time between attempts, reviewed cards
and readings (`grade read`) that are at most 45 minutes apart. Both may cover the same time, so the
larger one counts, not their sum. A single attempt has no duration, and the time before a day's
first attempt is not known. So the hours are a lower bound.

A phase gets the hours of the days on which you attempted its exercises. On a day with several
phases the hours are divided in proportion to the attempts. A day without an attempt counts for the
phase of the last attempt before it. The weeks of a phase run from its first attempt to its last
first pass, or to today; days off are left out."""


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the page of the pace."""
    minutes = site.count_minutes()
    begun = min(group_by_day(site.attempts), default=None)
    parts = ["# Pace"]
    if begun is None or begun > site.today:
        parts += [_render_no_attempts(minutes), _render_plan(site)]
    else:
        off, course = site.settings.is_off, site.course
        recent = forecast.list_weeks(course, site.standings, minutes, begun, site.today, off)
        start = forecast.Start(begun, 60 * site.settings.hours_a_week)
        outlook = forecast.forecast_finish(course, site.standings, recent, start, site.today, off)
        known = StudyTime(site, start, minutes, recent, outlook)
        parts += [
            _render_figures(known),
            render_finish(known),
            _render_phases(known),
            _render_weeks(known),
        ]
    return {_PAGE: hide_sidebars("\n\n".join([*parts, _HOUR]) + "\n")}


def _render_no_attempts(minutes: Mapping[date, float]) -> str:
    total = sum(minutes.values())
    seen = f"{format_minutes(total)} logged so far. " if total else ""
    return f"{seen}The weeks begin with the first attempt: type `grade`."


def _render_figures(known: StudyTime) -> str:
    total = sum(known.minutes.values()) / 60
    target = known.site.settings.hours_a_week
    text = [(f"{total:.1f}", f"hours in all, since {format_long(known.start.begun)}")]
    if known.recent:
        last = known.recent[-1]
        text.append((f"{last.hours:.1f}", f"hours in the last week; the target is {target:g}"))
        mean = sum(week.hours for week in known.recent) / len(known.recent)
        text.append((f"{mean:.1f}", f"hours a week, the mean of {name_weeks(known.recent)}"))
    return fill_block("figures.html", figures=text)


def _render_phases(known: StudyTime) -> str:
    site = known.site
    target = site.settings.hours_a_week
    args = (site.attempts, known.minutes, site.today, site.settings.is_off)
    rows = []
    for went in forecast.measure_phases(site.course, site.standings, *args):
        total = site.progress.phases[went.phase.id]
        passed = f"{total.passed} of {total.exercises}" + ", complete" * went.complete
        title, times = went.phase.title, _format_estimate(went.planned, target)
        rows.append(_make_row(title, *times, _format_so_far(went), passed))
    head = ["Phase", "Estimated", "Target", "So far", "Passed"]
    text = (
        "A phase is estimated by the minutes of the exercises that it has today. The target is "
        f"{target:g} hours a week: [`hours_a_week` in the settings]({_SETTINGS}) changes it."
    )
    table = render_html_table(head, rows, "gw-ledger")
    return f"## Phases\n\n{_strip_missing_link(site, text)}\n\n{table}"


def _make_row(*contents: str) -> TableRow:
    return TableRow([TableCell(content) for content in contents])


def _strip_missing_link(site: SiteData, text: str) -> str:
    """Return the text, without its link to the guide where the guide is missing."""
    guide = _SETTINGS.removeprefix("guide/") in site.guides
    return text if guide else text.replace("[", "").replace(f"]({_SETTINGS})", "")


def _format_estimate(minutes: int, target: float) -> tuple[str, str]:
    """Return the estimated hours, and the weeks that they take at the target."""
    return f"{minutes / 60:.1f} h", f"{minutes / 60 / target:.1f} weeks"


def _format_so_far(went: forecast.PhaseTime) -> str:
    if went.weeks is None:
        return f"{went.hours:.1f} h" if went.hours else "not started"
    return f"{went.weeks:.1f} weeks, {went.hours:.1f} h"


def _render_plan(site: SiteData) -> str:
    target = site.settings.hours_a_week
    rows = []
    for phase in site.course.phases:
        exercises = [exercise for unit in phase.units for exercise in unit.exercises]
        times = _format_estimate(sum(e.minutes for e in exercises), target)
        shown = times if exercises else ("", "")
        rows.append(_make_row(phase.title, *shown, str(len(exercises) or COMING_LATER)))
    head = ["Phase", "Estimated", "Target", "Exercises"]
    return f"## Phases\n\n{render_html_table(head, rows, 'gw-ledger')}"


def _render_weeks(known: StudyTime) -> str:
    if not known.recent:
        return "## The last weeks\n\nThe first week is not over yet."
    target = known.site.settings.hours_a_week
    most = max(target, *(week.hours for week in known.recent))
    rows = [
        _make_row(_format_week(w), _draw_hours(w.hours, target, most), _format_passed(w))
        for w in reversed(known.recent)
    ]
    note = (
        f"A day off makes its week longer. The vertical line marks the target of {target:g} hours."
    )
    table = render_html_table(["Week", "Hours", "First passed"], rows, "gw-ledger")
    return f"## The last weeks\n\n{note}\n\n{table}"


def _draw_hours(worked: float, target: float, most: float) -> Markup:
    """Draw hours as a figure and a bar, in which a line marks the target."""
    return fill_block("pace/hours.html", hours=worked, share=worked / most, target=target / most)


def _format_week(week: forecast.Week) -> str:
    """Return ``17 to 24 Nov 2026``, with month and year only where they differ."""
    first, last = format_short(week.first).split(" "), format_short(week.last).split(" ")
    same = next((n for n in range(3) if first[n:] == last[n:]), 3)
    return f"{' '.join(first[: max(1, same)])} to {' '.join(last)}"


def _format_passed(week: forecast.Week) -> str:
    if not week.passed:
        return "none"
    return f"{pluralize(week.passed, 'exercise')}, estimated at {format_minutes(week.worth)}"
