"""The relations that the answers of a run show, without asking anything more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from grader.grading.judge.relations.asked import Asked, Gatherer
from grader.grading.judge.relations.checks import Check
from grader.grading.judge.relations.entries import (
    find_constant_entry,
    find_missing_entry,
    find_offset,
    find_replaced_entry,
)
from grader.grading.judge.relations.evidence import Evidence, make_evidence
from grader.grading.judge.relations.exchanged import find_exchange, find_other_names
from grader.grading.judge.relations.factor import find_factor
from grader.grading.judge.relations.form import find_form
from grader.grading.judge.relations.gradient import find_wrong_gradient
from grader.grading.judge.relations.positions import find_position
from grader.grading.judge.relations.rounded import find_rounding
from grader.grading.judge.relations.separated import find_separation
from grader.grading.judge.relations.signatures import Signatures
from grader.grading.judge.relations.unchanged import find_ignored_argument, find_returned_argument

KINDS: tuple[Callable[[Evidence], str | None], ...] = (
    find_exchange,
    find_rounding,
    find_factor,
    find_replaced_entry,
    find_form,
    find_missing_entry,
    find_offset,
    find_separation,
    find_ignored_argument,
    find_returned_argument,
    find_position,
    find_constant_entry,
)
"""The kinds of relations within one function's answers, by what they tell a learner."""


def gather(checks: Sequence[Check], signatures: Signatures) -> list[Asked]:
    """Return all that was asked in some checks, by name."""
    return [
        asked
        for check in checks
        for asked in Gatherer(check.name, check.failed, signatures).gather(check.exchanges)
    ]


def find_in_answers(asked: Sequence[Asked]) -> Iterator[str]:
    """Yield the relations that hold, those first that tell most."""
    for sentence in (find_other_names(asked), find_wrong_gradient(asked)):
        if sentence is not None:
            yield sentence
    evidence = make_evidence(asked)
    if evidence is not None:
        found = (find(evidence) for find in KINDS)
        yield from (sentence for sentence in found if sentence is not None)
