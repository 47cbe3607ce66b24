"""Wrong answers that are the expected ones for another question.

Each change of the first failed check's questions is put to the reference; where it answers as
the learner's code did, the change is confirmed on all the other checks, passed ones too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.grading.judge.relations.asked import make_codec
from grader.grading.judge.relations.changes import Change
from grader.grading.judge.relations.checks import Check, is_object, is_refused, is_same
from grader.grading.judge.relations.numbers import list_entries
from grader.grading.judge.relations.rewriting import Questions
from grader.grading.judge.relations.signatures import Signatures

MOST = 2
"""More changes that fit than these say nothing."""
LEAST_DISTINCT = 3
"""Wrong answers must hold so many different numbers or letters."""
LEAST_MATCHES = 2
"""So many answers that are no floats must be those to the changed question."""

Listen = Callable[[Sequence[bytes]], Iterator[bytes]]
"""Puts questions to the reference, and yields its answers as they come; fewer if it ends."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a change explains in one or more checks."""

    matches: int = 0
    """The answers that are wrong, and are the expected ones to the changed question."""
    refused: int = 0
    """The right answers that say nothing, as the changed question is refused."""

    def __add__(self, other: Fit) -> Fit:
        return Fit(self.matches + other.matches, self.refused + other.refused)


class ChangedQuestion:
    """The search for a change of the questions that explains the answers."""

    def __init__(self, checks: Sequence[Check], signatures: Signatures, listen: Listen) -> None:
        self._wrong = [check for check in checks if check.is_wrong]
        self._others = [*self._wrong[1:], *(check for check in checks if check.is_right)]
        self._questions = {
            check.name: Questions(check.exchanges, signatures)
            for check in (*self._wrong, *self._others)
        }
        self._listen = listen

    def find(self, goes_on: Callable[[], bool]) -> str | None:
        """Return the sentence about the one or two changes that fit; None for none, or more.

        Silent if ``goes_on`` says no before every change has been tried, if the wrong answers are
        not finite or hold fewer than three different numbers, if a check contradicts, if more
        answers say nothing than say something, and if two values of one number fit: then it is
        neither of them that the code takes.
        """
        if not self._wrong or not _are_rich(self._wrong):
            return None
        first = self._wrong[0]
        assert first.first_wrong is not None
        fitting: list[tuple[Change, Fit]] = []
        for change in self._questions[first.name].list_changes(first.first_wrong):
            if not goes_on():
                return None
            fit = self._find_fit(change, first)
            if fit is not None:
                fitting.append((change, fit))
        confirmed = [change for change, fit in fitting if self._is_confirmed(change, fit)]
        subjects = [change.subject for change in confirmed if change.is_number]
        if not confirmed or len(confirmed) > MOST or len(set(subjects)) < len(subjects):
            return None
        return f"Your answers are what is expected if {', or '.join(c.says for c in confirmed)}."

    def _is_confirmed(self, change: Change, fit: Fit) -> bool:
        """Return whether a change that fits the first check fits all the others."""
        for check in self._others:
            more = self._find_fit(change, check)
            if more is None:
                return False
            fit += more
        least = 1 if _hold_floats(self._wrong) else LEAST_MATCHES
        return fit.matches >= max(least, fit.refused)

    def _find_fit(self, change: Change, check: Check) -> Fit | None:
        """Return how the changed questions have the learner's answers; None where they have not."""
        questions = self._questions[check.name].rewrite(change)
        if questions is None:  # nothing is changed, so right answers stay right
            return Fit() if check.is_right else None
        compared, matches, refused = 0, 0, 0
        answers = self._listen(questions)
        for right, ours, theirs in zip(check.expected, check.returned, answers, strict=False):
            if not _is_explained(right, ours, theirs):
                return None
            compared += 1
            matches += not is_same(ours, right, right)
            refused += is_refused(theirs) and not is_refused(right)
        return Fit(matches, refused) if compared == len(questions) else None


def _is_explained(right: bytes, ours: bytes, theirs: bytes) -> bool:
    """Return whether ``theirs``, the expected answer to the changed question, is the learner's.

    A bad input that is refused says nothing about what is computed of good ones, and a change may
    make a good input a bad one: a size of 1 less, where 1 is the least.
    """
    if is_same(ours, theirs, right):
        return True
    refused = is_refused(right) or is_refused(theirs)
    return refused and not is_object(right) and is_same(ours, right, right)


def _are_rich(checks: Sequence[Check]) -> bool:
    """Return whether the wrong answers are finite and hold more than a few numbers."""
    entries = _collect_entries(checks)
    numbers = [entry for entry in entries if isinstance(entry, float)]
    return len(entries) >= LEAST_DISTINCT and all(map(math.isfinite, numbers))


def _hold_floats(checks: Sequence[Check]) -> bool:
    """Return whether the wrong answers hold floats, of which few agree by chance."""
    numbers = [entry for entry in _collect_entries(checks) if isinstance(entry, float)]
    return len(numbers) >= LEAST_DISTINCT


def _collect_entries(checks: Sequence[Check]) -> set[Any]:
    codec = make_codec()
    entries: set[Any] = set()
    for _, right, ours in (one for check in checks for one in check.exchanges):
        if not is_same(ours, right, right) and not is_refused(ours):
            entries.update(list_entries(codec.unpack(ours)[1]))
    return entries
