"""The table of all exercises: plain HTML in course order, which ``assets/tables.js`` can sort."""

from __future__ import annotations

from grader.course import Exercise, Unit
from grader.outcome import Standing
from grader.pages.places import exercise_page, unit_page
from grader.pages.scene import Scene
from grader.pages.spans import seconds, span
from grader.pages.words import address, attribute, day_in_words, sign

_HEAD = ("Exercise", "Unit", "Status", "Attempts", "First passed", "First try to pass", "Hints")
_ORDER = ("passed", "stale", "started", "skipped", "open")


def ledger(scene: Scene, page: str) -> str:
    """One row per exercise: state, attempts, first pass, the time that it took, hints."""
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
    rows = "".join(
        _row(scene, unit, exercise, page)
        for unit in scene.course.units()
        for exercise in unit.exercises
    )
    return (
        '<div class="gw-scroll" tabindex="0" role="region" aria-label="All exercises">'
        f'<table class="gw-table gw-sort"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
        "</table></div>"
    )


def _row(scene: Scene, unit: Unit, exercise: Exercise, page: str) -> str:
    standing = scene.standings.get(exercise.id, Standing(exercise.id))
    state = scene.progress.states[exercise.id]
    took = seconds(standing.first_attempt_at, standing.passed_at)
    day = standing.passed_day or ""
    hints = f"{standing.hints} of {len(exercise.hints)}" if standing.hints else "–"
    cells = [
        _cell(_link(page, exercise_page(exercise.id), exercise.title)),
        _cell(_link(page, unit_page(unit.id), unit.title)),
        _cell(sign(state), str(_ORDER.index(state))),
        _cell(str(standing.attempts), str(standing.attempts)),
        _cell(day_in_words(standing.passed_day), attribute(day)),
        _cell("at the first" if took == 0 else span(took), "" if took is None else str(took)),
        _cell(hints, str(standing.hints)),
    ]
    return f'<tr data-state="{state}">{"".join(cells)}</tr>'


def _cell(html: str, value: str | None = None) -> str:
    """A cell, with what it is sorted by where that is not its text."""
    return f"<td>{html}</td>" if value is None else f'<td data-value="{value}">{html}</td>'


def _link(page: str, there: str, title: str) -> str:
    return f'<a href="{address(page, there)}">{attribute(title).replace("`", "&#96;")}</a>'
