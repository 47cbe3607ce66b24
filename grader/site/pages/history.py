"""What was tried in one exercise: a picture, a table, and the mistakes met on the way."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from grader.course.model import Exercise
from grader.grading.outcome import Attempt
from grader.learner.states import VERDICTS
from grader.site.formatting import escape_markdown, format_day, keep_on_one_line, pluralize
from grader.site.mistake_history import MetMistake, find_first_broken, find_met_mistakes
from grader.site.site_data import SiteData
from grader.site.tables import SENTENCE, TableCell, TableRow, render_scrolling_table
from grader.site.templating import fill_block, fill_file, render_fold

_SHOWN = 20
"""Attempts that the table lists, the latest ones."""
_DRAWN = 60
"""Attempts that the picture draws, the latest ones."""
_HIGH, _STEP, _WIDTH = 48, 16, 8


def render_history(site: SiteData, exercise: Exercise, tries: list[Attempt]) -> str:
    """Render the history; empty before the first attempt."""
    if not tries:
        return ""
    names = tuple(claim.name for claim in site.claims.get(exercise.id, ()))
    rows = [_make_row(site, exercise, names, attempt) for attempt in reversed(tries[-_SHOWN:])]
    head = ["Day", "Verdict", "Checks", "First failed check", "Looks like", "Hints"]
    earlier = len(tries) - _SHOWN
    more = f"And {pluralize(earlier, 'earlier attempt')}." if earlier > 0 else ""
    fold = render_fold(
        pluralize(len(tries), "attempt"),
        draw_attempts(tries[-_DRAWN:], len(tries)),
        render_scrolling_table("History", head, rows, "gw-described"),
        fill_block("paragraph.html", words=more),
    )
    return f"## History\n\n{fold}"


def render_met_mistakes(site: SiteData, exercise: Exercise) -> str:
    """Render the mistakes met, each with the day on which it was fixed; empty without any."""
    met = [
        (Markup(escape_markdown(one.says)), describe_mistake(one))
        for one in find_met_mistakes(site, exercise.id)
    ]
    return fill_file("history/met_mistakes.md", mistakes=met).rstrip() if met else ""


def describe_mistake(one: MetMistake) -> Markup:
    """Say when a mistake was met, and when it was fixed."""
    times = f", seen {pluralize(one.seen, 'time')}" if one.seen > 1 else ""
    first = f"Made on {format_day(one.first.day)}{times}"
    if one.fixed is None:
        more = f" after {pluralize(one.attempts, 'more attempt')}" if one.attempts else ""
        return Markup(f"{first}, not fixed yet{more}.")
    later = f"{pluralize(one.attempts, 'attempt')} later"
    return Markup(f"{first}, fixed on {format_day(one.fixed.day)}, {later}.")


def draw_attempts(tries: list[Attempt], every: int) -> Markup:
    """Draw a bar per attempt, as high as its share of passed checks; a pass has a dot on top."""
    shown = (
        f"the last {len(tries)} of {every} attempts"
        if every > len(tries)
        else (pluralize(every, "attempt"))
    )
    return fill_block(
        "history/attempts.html",
        width=len(tries) * _STEP + 8,
        high=_HIGH,
        shown=shown,
        shares=", ".join(_count_passed(attempt) for attempt in tries),
        days=[format_day(day) for day in dict.fromkeys((tries[0].day, tries[-1].day))],
        bars=[_make_bar(number, attempt) for number, attempt in enumerate(tries)],
    )


class _AttemptBar(NamedTuple):
    """An attempt as the picture draws it."""

    x: int
    top: str
    high: str
    dot: str
    """The middle of the dot on top."""
    passed: bool


def _make_bar(number: int, attempt: Attempt) -> _AttemptBar:
    passed = sum(status == "passed" for status in attempt.checks.values())
    high = max(2.0, _HIGH * passed / len(attempt.checks)) if attempt.checks else 2.0
    top = _HIGH + 16 - high
    x = 4 + number * _STEP + (_STEP - _WIDTH) // 2
    return _AttemptBar(x, f"{top:.2f}", f"{high:.2f}", f"{top - 8:g}", attempt.verdict == "passed")


def _count_passed(attempt: Attempt) -> str:
    passed = sum(status == "passed" for status in attempt.checks.values())
    return f"{passed} of {len(attempt.checks)}"


def _make_row(
    site: SiteData, exercise: Exercise, names: tuple[str, ...], attempt: Attempt
) -> TableRow:
    says = site.mistakes.get(exercise.id, {})
    claims = {claim.name: claim.claim for claim in site.claims.get(exercise.id, ())}
    broken = find_first_broken(names, attempt)
    mistake = says.get(attempt.mistake, attempt.mistake) if attempt.mistake else None
    verdict = VERDICTS.get(attempt.verdict)
    cells = [
        TableCell(keep_on_one_line(format_day(attempt.day))),
        TableCell(verdict.word if verdict else attempt.verdict),
        TableCell(keep_on_one_line(_count_passed(attempt))),
        TableCell((claims.get(broken) or broken) if broken else "–", kind=SENTENCE),
        TableCell(mistake or "–", kind=SENTENCE),
        TableCell(attempt.hints or "–"),
    ]
    return TableRow(cells)
