"""Mistakes proposed from a wrong answer: small changes of the reference that answer as it does.

What people get wrong is often one small step from what is right. Each change that ``mutation``
makes of the reference is asked what the wrong answer was asked; one that gives the same answers in
every check, failed and passed, is likely to be the same mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring import mutation, trial
from grader.authoring.case import Case
from grader.authoring.mutation.mutant import Mutant
from grader.authoring.trial import Trial
from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.course.source.variants import group_by_mistake
from grader.grading.client import Engine
from grader.grading.protocol.plan import Report
from grader.services.grading import WRONG

_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of the reference that answers as a wrong answer does."""

    mutant: Mutant
    old: str
    """A piece of the reference's text that occurs in it once."""
    new: str
    caught_by: str
    """The first check that fails."""
    checks: int
    """In how many checks the answers are the same."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a wrong answer looks like, among known mistakes and among small changes."""

    known: tuple[str, ...]
    """The mistakes of the exercise that answer alike in every check."""
    changes: tuple[Proposal, ...]
    tried: int
    """How many changes were asked."""


def propose_mistakes(workspace: Workspace, engine: Engine, case: Case, answer: str) -> Proposals:
    """Return what answers as ``answer`` does; ``UsageError`` where nothing can be compared."""
    plan = trial.build_plan(workspace, case, Trial("mistake", "the answer", answer))
    with engine.run(plan) as run:
        report = run.collect_report()
        failed = [found.name for found in report.findings if found.status in WRONG]
        if report.fault or not failed:
            raise UsageError(_explain(report))
        mutants = mutation.generate_mutants(
            case.reference, case.exercise.writes, path=case.at.reference
        )
        texts = {str(number): [mutant.text] for number, mutant in enumerate(mutants)}
        # Known mistakes go in the same request: the names of changes are numbers, theirs are not.
        texts |= group_by_mistake(case.variants)
        evidence = run.collect_evidence(case.reference, texts, trial.GATE_SECONDS)
    alike = {name: shown for name, shown in evidence.items() if shown and all(shown.values())}
    changes = tuple(
        Proposal(
            mutant, *find_edit(case.reference, mutant.text), failed[0], len(alike[str(number)])
        )
        for number, mutant in enumerate(mutants)
        if str(number) in alike
    )
    known = tuple(mistake.name for mistake in case.mistakes if mistake.name in alike)
    return Proposals(known, changes, len(mutants))


def find_edit(reference: str, changed: str) -> tuple[str, str]:
    """Return a piece of the reference that occurs in it once, and what is in its place.

    The shortest piece of whole words around the change; where that occurs twice, more of the text
    is taken in on both sides until it does not.
    """
    start, end = _find_change(reference, changed)
    for first, last in _widen(reference, start, end):
        old = reference[first:last]
        if old and reference.count(old) == 1:
            return old, changed[first : last + len(changed) - len(reference)]
    return reference, changed


def _find_change(reference: str, changed: str) -> tuple[int, int]:
    """Return where in the reference the two texts begin and cease to differ."""
    most = min(len(reference), len(changed))
    start = next((n for n in range(most) if reference[n] != changed[n]), most)
    same = 0
    while same < most - start and reference[-same - 1] == changed[-same - 1]:
        same += 1
    return start, len(reference) - same


def _widen(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield ever wider pieces of the text around one, each of whole words."""
    while True:
        while 0 < start < len(text) and _WORD.match(text[start - 1]) and _WORD.match(text[start]):
            start -= 1
        while 0 < end < len(text) and _WORD.match(text[end - 1]) and _WORD.match(text[end]):
            end += 1
        yield start, end
        if (start, end) == (0, len(text)):
            return
        start, end = max(0, start - 1), min(len(text), end + 1)


def _explain(report: Report) -> str:
    """Explain why an answer cannot be compared."""
    if report.fault or report.load_error:
        return f"the answer could not be graded: {report.fault or report.load_error}"
    return "the answer passes every check; a mistake is proposed for one that fails"
