"""The facts as one HTML file: no script, nothing from elsewhere, light and dark, fit to print."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from grader.journal import title
from grader.progress import State, Total
from grader.sharing.facts import Facts, Row, Section, Stretch
from grader.sharing.style import STYLE

SIGNS: dict[State, str] = {
    "passed": "● passed",
    "stale": "◍ stale",
    "started": "◐ started",
    "skipped": "⊘ skipped",
    "open": "○ open",
}
_BAR: tuple[State, ...] = ("passed", "stale", "started", "skipped")


def report(facts: Facts) -> str:
    """The whole file."""
    heading = f"{facts.course}: {facts.name}" if facts.name else facts.course
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(heading)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{escape(facts.course)}</h1>",
            f'<p class="who">{_who(facts)}</p>',
            *_summary(facts),
            *_phases(facts),
            *(line for phase in facts.phases for line in _phase(phase)),
            *_objectives(facts),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _who(facts: Facts) -> str:
    said = [escape(facts.name)] if facts.name else []
    said.append(f"as of {title(facts.day)}")
    if facts.address:
        address = escape(facts.address, quote=True)
        said.append(f'<a href="{address}/">{address}</a>')
    return " · ".join(said)


def _summary(facts: Facts) -> Iterator[str]:
    yield '<ul class="sums">'
    for number, what in (
        (facts.share, "exercises passed"),
        (f"{facts.total.percent} %", "of the course"),
        (f"{facts.study.recent} of 30", "last days studied"),
        (str(facts.study.streak), "days in a row"),
        (str(facts.study.longest), "days in the longest row"),
        (str(facts.days), "days studied in all"),
    ):
        yield f"<li><strong>{number}</strong> <span>{what}</span></li>"
    yield "</ul>"


def _phases(facts: Facts) -> Iterator[str]:
    yield "<h2>Phases</h2>"
    for phase in facts.phases:
        yield (
            f'<div class="phase"><span>{escape(phase.title)}</span>'
            f"<span>{_said(phase.total)}</span>{_bar(phase)}</div>"
        )


def _said(total: Total) -> str:
    if not total.exercises:
        return "to come"
    more = [f"{number} {state}" for state in _BAR[1:] if (number := getattr(total, state))]
    return ", ".join([f"{total.passed} of {total.exercises} passed", *more])


def _bar(phase: Stretch) -> str:
    drawn, x = ['<rect class="track" width="100" height="4"/>'], 0.0
    for state in _BAR if phase.total.exercises else ():
        width = 100 * getattr(phase.total, state) / phase.total.exercises
        if width:
            drawn.append(f'<rect class="{state}" x="{x:.2f}" width="{width:.2f}" height="4"/>')
        x += width
    label = escape(f"{phase.title}: {_said(phase.total)}", quote=True)
    return (
        f'<svg viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f"{''.join(drawn)}</svg>"
    )


def _phase(phase: Stretch) -> Iterator[str]:
    yield f"<h2>{escape(phase.title)}</h2>"
    if not phase.units:
        yield "<p>Its exercises are still to come.</p>"
    for unit in phase.units:
        yield from _unit(unit)


def _unit(unit: Section) -> Iterator[str]:
    yield '<div class="wide" tabindex="0" role="region" aria-label="' + (
        f'{escape(unit.title, quote=True)}"><table>'
    )
    yield f"<caption>{escape(unit.title)} · {_said(unit.total)}</caption>"
    heads = "".join(f'<th scope="col">{h}</th>' for h in ("Exercise", "Status", "Attempts"))
    yield f'<thead><tr>{heads}<th scope="col">First passed</th></tr></thead><tbody>'
    yield from (_row(row) for row in unit.rows)
    yield "</tbody></table></div>"


def _row(row: Row) -> str:
    passed = escape(row.passed_day or "–")
    state = f'<td class="state {row.state}">{SIGNS[row.state]}</td>'
    return (
        f'<tr><th scope="row">{escape(row.title)}</th>{state}'
        f"<td>{row.attempts}</td><td>{passed}</td></tr>"
    )


def _objectives(facts: Facts) -> Iterator[str]:
    if not facts.objectives:
        return
    yield "<h2>Objectives</h2>\n<ul>"
    for aim in facts.objectives:
        far = f"{aim.passed} of {aim.exercises} exercises passed" if aim.exercises else "to come"
        yield f'<li>{escape(aim.text)} <span class="far">{far}</span></li>'
    yield "</ul>"
