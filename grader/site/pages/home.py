"""The home page: key figures, what is next, main path, the year, progress, objectives, last days.

Before the first attempt it is an invitation (``invitation``) in place of empty charts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from grader.course.model import Phase, Unit
from grader.learner.entry_text import name_day
from grader.learner.states import COMING_LATER
from grader.learner.study_days import StudyDays, count_study_days
from grader.site.bars import BarPart, describe_total, measure_parts
from grader.site.formatting import escape_markdown, hide_sidebars, make_href, pluralize, slugify
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_day, locate_exercise, locate_unit
from grader.site.pages.invitation import has_begun, render_invitation
from grader.site.pages.log_days import LogDays
from grader.site.pages.main_path import render_path_bar
from grader.site.pages.objectives import render_short_list
from grader.site.pages.year import Done, render_year
from grader.site.signs import draw_state, draw_unit_state
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_DAYS = 3
"""Days of the log that the home page shows."""

_PAGE = "index.md"


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the home page."""
    if not has_begun(site):
        text = render_invitation(site, _render_next(site, "First step"))
        return {_PAGE: hide_sidebars(text, "navigation", "toc")}
    log = LogDays.collect(site, links)
    done = {
        day: (len(log.graded.get(day, ())), day in log.entries, log.get_studied(day))
        for day in log.list_days()
    }
    parts = [
        f"# {escape_markdown(site.course.title)}",
        _render_figures(site, count_study_days(done, site.today, site.settings.is_off)),
        _render_next(site),
        *render_path_bar(site, _PAGE),
        _render_year(site, done),
        _render_progress(site),
        render_short_list(site),
        _render_log(log),
    ]
    text = "\n\n".join(part for part in parts if part)
    return {_PAGE: hide_sidebars(f"{text}\n", "navigation", "toc")}


def _render_figures(site: SiteData, study: StudyDays) -> str:
    """Render the most important figures, each with what it counts."""
    total = site.progress.total
    figures = [
        (total.passed, f"of {pluralize(total.exercises, 'exercise')} passed, {total.percent} %"),
        (study.recent, "of the last 30 days studied"),
        (
            study.streak,
            f"{'day' if study.streak == 1 else 'days'} in a row{_describe_today(site, study)}",
        ),
        (study.longest, f"{'day' if study.longest == 1 else 'days'} in the longest row"),
    ]
    return fill_block("figures.html", figures=figures)


def _describe_today(site: SiteData, study: StudyDays) -> str:
    if study.today:
        return ""
    return "; today is a day off" if site.settings.is_off(site.today) else "; not yet today"


def _render_next(site: SiteData, label: str = "Next") -> str:
    following = site.progress.next
    if following is None:
        total = site.progress.total.exercises
        return f"All {total} exercises are passed." if total else "The course has no exercises yet."
    exercise = site.course.find_exercise(following)
    block = fill_block(
        "home/next.html",
        state=draw_state(site.progress.states[following]),
        optional=exercise in site.course.list_optional(),
        minutes=pluralize(exercise.minutes, "minute"),
        summary=exercise.summary,
        file=site.workspace.show_path(site.workspace.locate_stub(following)),
        exercise=following,
        opens=_link_exercises(site, site.progress.opens),
        offers=_link_exercises(site, site.progress.offers),
    )
    title = escape_markdown(exercise.title)
    return f"## {label}: [{title}]({locate_exercise(following)})\n\n{block}"


def _link_exercises(site: SiteData, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the title and the address of each exercise."""
    found = map(site.course.find_exercise, names)
    return [(e.title, make_href(_PAGE, locate_exercise(e.id))) for e in found]


def _render_year(site: SiteData, done: Done) -> str:
    past = {day: what for day, what in done.items() if day <= site.today}
    return f"## The year\n\n{render_year(past, site.today, site.settings.is_off)}"


def _render_progress(site: SiteData) -> str:
    total = site.progress.total
    share = f"{total.passed} of {pluralize(total.exercises, 'exercise')} passed, {total.percent} %"
    bars = fill_block(
        "home/phases.html", phases=[_make_phase_bar(site, p) for p in site.course.phases]
    )
    more = "[The tracker](tracker.md) has every exercise, [the pace](pace.md) the hours and weeks."
    return f"## Progress\n\n{share}. {more}\n\n{bars}"


class _ProgressBar(NamedTuple):
    """A phase or a unit, and how far it has come."""

    title: str
    link: str
    words: str
    parts: Sequence[BarPart]
    units: Sequence[_ProgressBar] = ()


def _make_phase_bar(site: SiteData, phase: Phase) -> _ProgressBar:
    total = site.progress.phases[phase.id]
    return _ProgressBar(
        phase.title,
        f"tracker.html#{slugify(phase.title)}",
        describe_total(total, empty=COMING_LATER),
        measure_parts(total),
        [_make_unit_bar(site, unit) for unit in phase.units],
    )


def _make_unit_bar(site: SiteData, unit: Unit) -> _ProgressBar:
    total = site.progress.units[unit.id]
    there = make_href(_PAGE, locate_unit(unit.id))
    return _ProgressBar(unit.title, there, draw_unit_state(total), measure_parts(total))


def _render_log(log: LogDays) -> str:
    days = sorted(log.entries, reverse=True)[:_DAYS]
    if not days:
        return '## Log\n\nNothing yet. Add a line with `grade log "what you did"`.'
    return "\n\n".join(
        ["## Log", *(_render_day(log, day) for day in days), "[All days](log/index.md)"]
    )


def _render_day(log: LogDays, day: date) -> str:
    return f"### [{name_day(day)}]({locate_day(day)})\n\n{log.render_excerpt(day, _PAGE, shift=3)}"
