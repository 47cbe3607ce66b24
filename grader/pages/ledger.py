"""The table of all exercises: plain HTML in course order, which ``assets/tables.js`` can sort."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.course import Exercise, Unit
from grader.outcome import Standing
from grader.pages.places import exercise_page, unit_page
from grader.pages.scene import Scene
from grader.pages.spans import seconds, span
from grader.pages.words import address, attribute, day_in_words, sign

_HEAD = ("Exercise", "Status", "Attempts", "First passed", "Time to pass", "Hints", "Unit")
_ORDER = ("passed", "stale", "started", "skipped", "open")


def ledger(scene: Scene, page: str) -> str:
    """One row per exercise: state, attempts, first pass, the time that it took, hints."""
    rows = "".join(
        _row(scene, unit, exercise, page)
        for unit in scene.course.units()
        for exercise in unit.exercises
    )
    return _table("All exercises", "gw-sort", _HEAD, rows)


def described(
    name: str, head: Sequence[str], rows: Iterable[Sequence[str]], says: Sequence[int] = (2,)
) -> str:
    """A table in which the columns of these numbers hold sentences; on a phone it scrolls."""
    body = "".join(
        f"<tr>{''.join(_told(cell, number in says) for number, cell in enumerate(row))}</tr>"
        for row in rows
    )
    return _table(name, "gw-described", head, body)


def _told(html: str, sentence: bool) -> str:
    return f'<td class="gw-says">{html}</td>' if sentence else f"<td>{html}</td>"


def _table(name: str, kind: str, head: Sequence[str], rows: str) -> str:
    heads = "".join(f'<th scope="col">{word}</th>' for word in head)
    return (
        f'<div class="gw-scroll" tabindex="0" role="region" aria-label="{attribute(name)}">'
        f'<table class="gw-table {kind}"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>'
        "</table></div>"
    ).replace("`", "&#96;")


def _row(scene: Scene, unit: Unit, exercise: Exercise, page: str) -> str:
    standing = scene.standings.get(exercise.id, Standing(exercise.id))
    state = scene.progress.states[exercise.id]
    took = seconds(standing.first_attempt_at, standing.passed_at)
    day = standing.passed_day or ""
    hints = f"{standing.hints} of {len(exercise.hints)}" if standing.hints else "–"
    cells = [
        _cell(link(page, exercise_page(exercise.id), exercise.title)),
        _cell(sign(state), str(_ORDER.index(state))),
        _cell(str(standing.attempts), str(standing.attempts)),
        _cell(day_in_words(standing.passed_day), attribute(day)),
        _cell("first try" if took == 0 else span(took), "" if took is None else str(took)),
        _cell(hints, str(standing.hints)),
        _cell(link(page, unit_page(unit.id), unit.title)),
    ]
    return f'<tr data-state="{state}">{"".join(cells)}</tr>'


def _cell(html: str, value: str | None = None) -> str:
    """A cell, with what it is sorted by where that is not its text."""
    return f"<td>{html}</td>" if value is None else f'<td data-value="{value}">{html}</td>'


def link(page: str, there: str, title: str) -> str:
    """A link in HTML from one page to another."""
    return f'<a href="{address(page, there)}">{attribute(title)}</a>'
