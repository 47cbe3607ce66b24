"""What a magic shows: a verdict or a difference, as HTML for a notebook and as plain text.

All HTML comes from the templates, which escape what is filled in: values and messages are those of
the learner's code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from grader.base.printable import sanitize
from grader.base.templating import Templates
from grader.cli.console.verdict import describe_verdict
from grader.grading.outcome import CheckResult, Outcome
from grader.learner.states import CHECKS, VERDICTS

MOST_LINES = 200
"""Lines of a difference that are shown."""
_TEMPLATES = Templates(Path(__file__).parent / "templates", sanitize)
_UNKNOWN_NAME = re.compile(r"name '(\w+)' is not defined|does not define (\w+)")


class Place(NamedTuple):
    """Where the lines of the exercise's file are, seen from the notebook."""

    shown: str
    """The file's path as the learner reads it."""
    link: str
    """Its address from the notebook's folder."""
    before: int | None
    """Lines of the cell before the file's first line; None where there is no such cell."""


def make_place(path: Path, shown: str, folder: Path, before: int | None) -> Place:
    """Return the place of a file for a notebook in a folder."""
    try:
        address = os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        address = str(path)
    return Place(shown, quote(address), before)


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict with what the notebook adds to it."""

    outcome: Outcome
    place: Place
    plain: str
    """The verdict as a terminal shows it."""
    following: str
    """What the terminal shows after it: what is next, milestones."""
    difference: tuple[str, ...] = ()
    """From the file, which was graded, to the cell, where they differ."""
    advice: tuple[str, ...] = ()
    """About the failure, as the notebook sees it."""
    notes: tuple[str, ...] = ()
    """What was done with the cell."""
    troubles: tuple[str, ...] = ()
    """About the records; the plain text has them already."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": self.format_plain(), "text/html": self.format_html()}

    def format_plain(self) -> str:
        """Return all of it as plain text."""
        lines = [*self._list_before(), self.plain, *self.advice, *self.notes]
        return sanitize("\n".join(filter(None, lines)), 100_000)

    def _list_before(self) -> list[str]:
        if not self.difference:
            return []
        head = f"{self.place.shown} is graded; the cell differs from it:"
        return [head, *_cut(self.difference), ""]

    def format_html(self) -> str:
        """Return all of it as HTML, which says in words what it says in colour."""
        outcome, failure = self.outcome, self.outcome.first_failure
        word, tail = describe_verdict(outcome)
        ran = outcome.verdict in ("passed", "failed")
        html = _TEMPLATES.fill(
            "verdict.html",
            outcome=outcome,
            word=word,
            tail="" if outcome.verdict == "open" else tail,
            colour=VERDICTS[outcome.verdict].colour,
            checks=[(CHECKS[check.status], check) for check in outcome.checks] if ran else [],
            failure=failure if outcome.verdict == "failed" else None,
            facts=_list_facts(failure) if failure else [],
            place=self.place,
            following=self.following,
            diff=_mark_lines(self.difference),
            advice=[_split_code(text) for text in self.advice],
            notes=(*self.troubles, *self.notes),
        )
        return str(html)


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A cell that was not written, because the file holds something else."""

    message: str
    difference: tuple[str, ...]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        plain = sanitize("\n".join([*_cut(self.difference), "", self.message]), 100_000)
        diff = _mark_lines(self.difference)
        html = _TEMPLATES.fill("difference.html", message=_split_code(self.message), diff=diff)
        return {"text/plain": plain, "text/html": str(html)}


def name_cell_lines(outcome: Outcome, place: Place) -> Outcome:
    """Say of each line of the file that an outcome names which line of the cell it is."""
    if place.before is None:
        return outcome
    before, path = place.before, re.compile(rf"{re.escape(place.shown)}:(\d+)")

    def add(text: str) -> str:
        return path.sub(lambda m: f"{m[0]} (line {int(m[1]) + before} of the cell)", text)

    checks = tuple(
        replace(check, message=add(check.message), where=add(check.where))
        for check in outcome.checks
    )
    return replace(outcome, checks=checks, fault=add(outcome.fault))


def list_unknown_names(outcome: Outcome) -> list[str]:
    """Return the names that the learner's file lacks, as the failures say."""
    texts = [outcome.fault, *(c.message for c in outcome.checks if c.status != "passed")]
    found = (match for text in texts for match in _UNKNOWN_NAME.finditer(text))
    return list(dict.fromkeys(match[1] or match[2] for match in found))


def _list_facts(check: CheckResult) -> list[tuple[str, str]]:
    facts = [("asked", check.asked), ("want", check.want), ("got", check.got)]
    return [(label, text) for label, text in facts if text]


def _cut(difference: Sequence[str]) -> list[str]:
    more = len(difference) - MOST_LINES
    return [*difference[:MOST_LINES], *([f"... {more} more lines"] if more > 0 else [])]


def _mark_lines(difference: Sequence[str]) -> list[tuple[str, str]]:
    """Return the lines of a difference, each with what it is: of the file, of the cell, or both."""
    kinds = {"-": "file", "+": "cell", "@": "head"}
    return [(kinds.get(line[:1], "both"), line) for line in _cut(difference)]


def _split_code(text: str) -> list[tuple[bool, str]]:
    """Return the pieces of a sentence of ours, each with whether it stands between backticks."""
    return [(number % 2 == 1, piece) for number, piece in enumerate(text.split("`"))]
