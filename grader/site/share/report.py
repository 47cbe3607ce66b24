"""The facts as one HTML file: no script, nothing from elsewhere, light and dark, fit to print."""

from __future__ import annotations

from grader.learner.entry_text import name_day
from grader.learner.states import COMING_LATER, EXERCISES
from grader.site.bars import describe_total, measure_parts
from grader.site.share.facts import ExerciseFacts, Facts, UnitFacts
from grader.site.tables import TableCell, TableRow
from grader.site.templating import fill_file

_HEAD = ("Exercise", "Status", "Attempts", "First passed")


def render_report(facts: Facts) -> str:
    """Return the whole HTML file."""
    return fill_file(
        "share/report.html",
        facts=facts,
        day=name_day(facts.day),
        figures=_list_figures(facts),
        phases=[
            {
                "title": phase.title,
                "words": describe_total(phase.total, empty=COMING_LATER),
                "parts": measure_parts(phase.total),
                "units": [_make_unit(unit) for unit in phase.units],
            }
            for phase in facts.phases
        ],
        head=_HEAD,
    )


def _list_figures(facts: Facts) -> list[tuple[str | int, str]]:
    return [
        (facts.share, "exercises passed"),
        (f"{facts.total.percent} %", "of the course"),
        (f"{facts.study.recent} of 30", "last days studied"),
        (facts.study.streak, "days in a row"),
        (facts.study.longest, "days in the longest row"),
        (facts.days, "days studied in all"),
    ]


def _make_unit(unit: UnitFacts) -> dict[str, object]:
    return {
        "title": unit.title,
        "words": describe_total(unit.total, empty=COMING_LATER),
        "rows": [_make_row(row) for row in unit.rows],
    }


def _make_row(row: ExerciseFacts) -> TableRow:
    state = TableCell(EXERCISES[row.state].text, kind=f"state {row.state}")
    return TableRow(
        [TableCell(row.title), state, TableCell(row.attempts), TableCell(row.passed_day or "–")]
    )
