"""Relations looked for in a run: first in its answers, then by asking again.

It is done after the verdict and within seconds, so each step may end for want of time. A
relation that could not be confirmed in time is not stated.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.grading.judge.asker import Asker, TimeIsUp
from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.asked_again import find_dependence
from grader.grading.judge.relations.changed_question import ChangedQuestion
from grader.grading.judge.relations.checks import Check
from grader.grading.judge.relations.ignored import find_ignored
from grader.grading.judge.relations.kept_state import find_kept_state, list_looks
from grader.grading.judge.relations.search import find_in_answers, gather
from grader.grading.judge.relations.signatures import read_signatures
from grader.grading.judge.relations.unchanged import list_heeded
from grader.grading.judge.time_limit import TimeLimit

MOST = 2
"""More relations are not shown."""
CHANGE_SHARE = 0.5
"""For so much of the time changed questions are put to the reference."""


class Relating:
    """Looks for the relations in the answers of one run."""

    def __init__(
        self, asker: Asker, learner: Asker, reference: str, source: str, limit: TimeLimit
    ) -> None:
        """``learner`` asks the learner's own code, ``source``, and nothing else.

        ``limit`` is the one that both askers keep.
        """
        self._asker, self._learner = asker, learner
        self._reference, self._source = reference, source
        self._signatures, self._limit = read_signatures(reference), limit

    def find(self, checks: Sequence[Check], first: str) -> list[str]:
        """Return the relations that hold, two at most, those first that tell most.

        ``first`` is the check that the learner reads about: "this question" is one of its own.
        """
        if not any(check.is_wrong for check in checks):
            return []
        kept = find_kept_state(list_looks(checks, self._signatures))
        shown = [kept] if kept is not None else []
        asked = gather(checks, self._signatures)
        shown += find_in_answers(asked)
        if len(shown) >= MOST:
            return shown[:MOST]
        try:
            changed = self._find_changed_question(checks)
            # What holds for another question tells most.
            found = (
                [changed, *shown]
                if changed
                else [*shown, self._ask_learner_why(checks, first, asked)]
            )
        except TimeIsUp:
            found = [*shown]
        finally:
            self._learner.close()
        return [sentence for sentence in found if sentence is not None]

    def _find_changed_question(self, checks: Sequence[Check]) -> str | None:
        """Return for which changed question the answers are those expected."""
        share = self._limit.make_share(CHANGE_SHARE)
        search = ChangedQuestion(
            checks, self._signatures, lambda asked: self._asker.ask(self._reference, asked)
        )
        return search.find(lambda: share.read_left() > 0)

    def _ask_learner_why(
        self, checks: Sequence[Check], first: str, asked: Sequence[Asked]
    ) -> str | None:
        """Return what the learner's code shows when it is asked the first check again."""
        for check in checks:
            if check.name == first:
                return find_dependence(
                    check, self._ask_afresh, self._ask_reference
                ) or find_ignored(
                    check,
                    self._signatures,
                    self._ask_learner,
                    self._ask_reference,
                    list_heeded(asked),
                )
        return None

    def _ask_reference(self, questions: Sequence[bytes]) -> list[bytes] | None:
        return self._asker.ask_all(self._reference, questions)

    def _ask_learner(self, questions: Sequence[bytes]) -> list[bytes] | None:
        return self._learner.ask_all(self._source, questions)

    def _ask_afresh(self, questions: Sequence[bytes]) -> list[bytes] | None:
        """Return what the learner's code answers in a process that has answered nothing yet."""
        self._learner.close()
        return self._ask_learner(questions)
