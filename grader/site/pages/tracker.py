"""The tracker: every component, its state, what was built, attempts and the first pass."""

from __future__ import annotations

from grader.course.model import Phase, Unit
from grader.grading.outcome import Standing
from grader.site.formatting import (
    escape_markdown,
    format_day,
    format_minutes,
    format_percent,
    hide_sidebars,
    keep_on_one_line,
    make_href,
    make_relative,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.neighbours import Neighbours, find_neighbours
from grader.site.page_paths import locate_exercise, locate_unit
from grader.site.pages.day import link_neighbours
from grader.site.pages.exercise_table import render_exercise_table
from grader.site.pages.imported_claims import render_imported_claims
from grader.site.pages.main_path import render_milestone_table
from grader.site.signs import draw_state, draw_unit_state
from grader.site.site_data import SiteData
from grader.site.tables import SENTENCE, TableCell, TableRow, render_scrolling_table

_PAGE = "tracker.md"
_UNITS = "units/index.md"


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the tracker, the list of units and a page for each unit."""
    pages = {_PAGE: _render_tracker(site), _UNITS: _render_unit_list(site)}
    beside = find_neighbours(site.course)
    for unit in site.course.iterate_units():
        pages[locate_unit(unit.id)] = _render_unit(site, unit, beside[locate_unit(unit.id)])
    return pages


def _render_tracker(site: SiteData) -> str:
    total = site.progress.total
    passed = f"{total.passed} of {pluralize(total.exercises, 'exercise')} passed"
    share = f"{passed}, {format_percent(total.percent)}."
    parts = ["# Tracker", share, *render_milestone_table(site, _PAGE)]
    for phase in site.course.phases:
        parts += [f"## {escape_markdown(phase.title)}", _describe_phase(site, phase)]
        if phase.units:
            parts.append(render_unit_table(site, phase, _PAGE))
    parts += ["## All exercises", render_exercise_table(site, _PAGE)] if total.exercises else []
    parts += render_imported_claims(site, _PAGE)
    return hide_sidebars("\n\n".join(parts) + "\n", "navigation", "toc")


def _describe_phase(site: SiteData, phase: Phase) -> str:
    low, high = phase.weeks
    total = site.progress.phases[phase.id]
    if not total.exercises:
        return f"Planned for {low} to {high} weeks. Its exercises are coming later."
    minutes = sum(e.minutes for unit in phase.units for e in unit.exercises)
    passed = f"{total.passed} of {pluralize(total.exercises, 'exercise')} passed"
    return f"Estimated at {format_minutes(minutes)}. {passed}."


def render_unit_table(site: SiteData, phase: Phase, page: str) -> str:
    """Render one row per unit: state, what is built, attempts, first pass."""
    rows = []
    for unit in phase.units:
        known = [site.standings.get(e.id, Standing(e.id)) for e in unit.exercises]
        built = [e.title for e in unit.exercises if site.progress.states[e.id] == "passed"]
        passed = sorted(s.passed_day for s in known if s.passed_day)
        says = f"Built: {', '.join(built)}." if built else unit.summary
        rows.append(
            TableRow(
                [
                    TableCell(unit.title, link=make_href(page, locate_unit(unit.id))),
                    TableCell(draw_unit_state(site.progress.units[unit.id])),
                    TableCell(says, kind=SENTENCE),
                    TableCell(sum(standing.attempts for standing in known)),
                    TableCell(keep_on_one_line(format_day(passed[0] if passed else None))),
                ]
            )
        )
    head = ("Component", "Status", "Description", "Attempts", "First passed")
    return render_scrolling_table(phase.title, head, rows, "gw-described")


def render_exercise_rows(site: SiteData, unit: Unit, page: str) -> str:
    """Render one row per exercise of a unit."""
    rows = []
    for exercise in unit.exercises:
        standing = site.standings.get(exercise.id, Standing(exercise.id))
        rows.append(
            TableRow(
                [
                    TableCell(exercise.title, link=make_href(page, locate_exercise(exercise.id))),
                    TableCell(draw_state(site.progress.states[exercise.id])),
                    TableCell(exercise.summary, kind=SENTENCE),
                    TableCell(standing.attempts),
                    TableCell(keep_on_one_line(format_day(standing.passed_day))),
                ]
            )
        )
    head = ("Exercise", "Status", "Description", "Attempts", "First passed")
    return render_scrolling_table(unit.title, head, rows, "gw-described")


def _render_unit_list(site: SiteData) -> str:
    parts = ["# Units"]
    for phase in site.course.phases:
        parts += [f"## {escape_markdown(phase.title)}", _describe_phase(site, phase)]
        for unit in phase.units:
            where = make_relative(_UNITS, locate_unit(unit.id))
            state = draw_unit_state(site.progress.units[unit.id])
            summary = escape_markdown(unit.summary)
            parts.append(f"[**{escape_markdown(unit.title)}**]({where}) {state}  \n{summary}")
    return "\n\n".join(parts) + "\n"


def _render_unit(site: SiteData, unit: Unit, beside: Neighbours) -> str:
    page, state = locate_unit(unit.id), draw_unit_state(site.progress.units[unit.id])
    phase = next(p for p in site.course.phases if unit in p.units)
    facts = f"{state} · {escape_markdown(phase.title)} · `grade {unit.id}` grades them all"
    parts = [
        f"# {escape_markdown(unit.title)}",
        escape_markdown(unit.summary),
        facts,
        render_exercise_rows(site, unit, page),
        link_neighbours(page, "Units before and after", ("Units", _UNITS), beside),
    ]
    return hide_sidebars("\n\n".join(parts) + "\n", "toc")
