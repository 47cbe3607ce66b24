"""The table of all exercises in course order, which ``assets/tables.js`` can sort."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from grader.course.model import Course, Exercise, Unit
from grader.grading.outcome import Standing
from grader.learner.states import EXERCISES
from grader.site.formatting import format_day, make_href
from grader.site.page_paths import locate_exercise, locate_unit
from grader.site.signs import draw_state
from grader.site.site_data import SiteData
from grader.site.tables import TableCell, TableRow, render_scrolling_table

_HEAD = ("Exercise", "Status", "Attempts", "First passed", "Time to pass", "Hints", "Unit")
_ORDER = list(EXERCISES)


def render_exercise_table(site: SiteData, page: str) -> str:
    """Render one row per exercise: state, attempts, first pass, time to pass, hints, unit."""
    units = {unit.id: unit for unit in site.course.iterate_units()}
    places = _number_path(site.course)
    rows = [
        _make_row(site, units[exercise.unit], exercise, page, places)
        for exercise in site.course.iterate_exercises()
    ]
    head = (*_HEAD, "Main path") if places else _HEAD
    return render_scrolling_table("All exercises", head, rows, "gw-sort")


def _number_path(course: Course) -> dict[str, int]:
    """Return the place of each exercise on the main path, counted from 1; empty without one."""
    steps = (step.id for step in course.path if isinstance(step, Exercise))
    return {name: number for number, name in enumerate(steps, start=1)}


def _make_row(
    site: SiteData, unit: Unit, exercise: Exercise, page: str, places: Mapping[str, int]
) -> TableRow:
    standing = site.standings.get(exercise.id, Standing(exercise.id))
    state = site.progress.states[exercise.id]
    took = count_seconds(standing.first_attempt_at, standing.passed_at)
    hints = f"{standing.hints} of {len(exercise.hints)}" if standing.hints else "–"
    cells = [
        TableCell(exercise.title, link=make_href(page, locate_exercise(exercise.id))),
        TableCell(draw_state(state), value=_ORDER.index(state)),
        TableCell(standing.attempts, value=standing.attempts),
        TableCell(format_day(standing.passed_day), value=standing.passed_day or ""),
        TableCell(
            "first try" if took == 0 else format_span(took), value="" if took is None else took
        ),
        TableCell(hints, value=standing.hints),
        TableCell(unit.title, link=make_href(page, locate_unit(unit.id))),
    ]
    if places:
        place = places.get(exercise.id, "optional")
        cells.append(TableCell(place, value=places.get(exercise.id, len(places) + 1)))
    return TableRow(cells, state)


def count_seconds(first: str | None, last: str | None) -> int | None:
    """Return the seconds between two recorded moments; None if one is missing or invalid."""
    if first is None or last is None:
        return None
    try:
        passed = datetime.fromisoformat(last) - datetime.fromisoformat(first)
    except (ValueError, TypeError):  # edited by hand
        return None
    whole = int(passed.total_seconds())
    return whole if whole >= 0 else None


def format_span(passed: int | None) -> str:
    """Return ``12 min``, ``2 h 10 min``, and from a day on whole days, rounded to the nearest."""
    if passed is None:
        return "–"
    minutes = passed // 60
    if minutes < 1:
        return "under 1 min"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        hours, left = divmod(minutes, 60)
        return f"{hours} h {left} min" if left else f"{hours} h"
    days = (minutes + 12 * 60) // (24 * 60)
    return "1 day" if days == 1 else f"{days} days"
