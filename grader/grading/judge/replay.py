"""The questions of a run put to someone else: do they give the same wrong answers?

The reference is asked first. An answer of the learner's counts as wrong where it is apart from
the reference's, and a mistake explains it when its own answer lies within a hundredth of that
distance. So a small error needs a close match, and rounding never decides.
"""

from __future__ import annotations

import time

from grader.grading.diagnosis import Likeness, can_fit, explain, prefer_same
from grader.grading.judge.answer_store import AnswerStore
from grader.grading.judge.asker import Asker, TimeIsUp
from grader.grading.judge.relating import Relating
from grader.grading.judge.relations.checks import Check, is_same
from grader.grading.judge.time_limit import TimeLimit
from grader.grading.judge.workers import WorkerFactory
from grader.grading.protocol.plan import Plan
from grader.grading.protocol.transcript import Transcript


def is_usable(transcript: Transcript) -> bool:
    """Return whether a check's transcript is complete: each question has its answer."""
    exchanges = transcript.exchanges
    return transcript.complete and bool(exchanges) and all(e.answer for e in exchanges)


class Replay:
    """Replays transcripts, in the order of the checks, and compares the answers."""

    def __init__(
        self,
        workers: WorkerFactory,
        plan: Plan,
        transcripts: dict[str, Transcript],
        failed: list[str],
        first: str,
        seconds: float,
    ) -> None:
        """``first`` is what the learner reads about; ``seconds`` the deadline of one question."""
        self._first = first
        store = AnswerStore(plan.answers) if plan.answers else None
        self._asker = Asker(workers, plan, seconds, store)
        self._learner = Asker(workers, plan, seconds)
        self._source = plan.source.text
        self._transcripts = {name: one for name, one in transcripts.items() if is_usable(one)}
        self._failed = [name for name in failed if name in self._transcripts]
        self._known: dict[str, Check] | None = None
        self._spent = 0.0
        """The seconds for which mistakes have been asked."""

    def collect_evidence(
        self, reference: str, mistakes: dict[str, list[str]], seconds: float
    ) -> dict[str, dict[str, bool]]:
        """Return per mistake and check whether the mistake gives the learner's answers.

        A mistake comes in one or more spellings, and the one that explains most speaks for it:
        so spellings of one mistake are no rivals, and recognising any of them names it. After
        ``seconds`` nothing more is asked; a mistake that was not asked everything is left out.
        """
        try:
            checks = self._compare_with_reference(reference)
            # Only now: a cold engine's worker takes seconds to be there.
            limit = self._limit_askers(seconds)
            found = self._collect(checks, mistakes)
            self._spent += limit.read_spent()
            return found
        finally:
            self._asker.close()

    def collect_relations(self, reference: str, seconds: float) -> list[str]:
        """Return what is measurably so of the wrong answers, each in one sentence.

        After ``seconds``, less those for which mistakes have been asked, nothing more is asked.
        """
        try:
            checks = self._compare_with_reference(reference)
            limit = self._limit_askers(max(0.0, seconds - self._spent))
            relating = Relating(self._asker, self._learner, reference, self._source, limit)
            return relating.find(list(checks.values()), self._first)
        finally:
            self._asker.close()

    def _limit_askers(self, seconds: float) -> TimeLimit:
        """Allow both askers so many seconds together: of their workers, and of this process."""
        limit = TimeLimit(seconds, self._read_computed)
        for asker in (self._asker, self._learner):
            asker.limit(limit)
        return limit

    def _read_computed(self) -> float:
        asked = self._asker.read_cpu_seconds() + self._learner.read_cpu_seconds()
        return time.process_time() + asked

    def _compare_with_reference(self, reference: str) -> dict[str, Check]:
        """Return the checks to which the reference answers, with both answers.

        A check may fail on right answers: it compares one answer with another, or has been
        answered right and changed an input. Then there is nothing to explain by its answers.
        """
        if self._known is None:
            self._asker.limit(None)
            self._known = {}
            for name, one in self._transcripts.items() if self._failed else ():
                questions = tuple(exchange.question for exchange in one.exchanges)
                expected = self._asker.ask_all(reference, questions)
                if expected is not None:
                    returned = tuple(exchange.answer for exchange in one.exchanges)
                    failed = name in self._failed
                    check = Check(name, failed, questions, tuple(expected), returned)
                    self._known[name] = check
        return self._known

    def _collect(
        self, checks: dict[str, Check], mistakes: dict[str, list[str]]
    ) -> dict[str, dict[str, bool]]:
        wrong = [checks[name] for name in self._failed if name in checks and checks[name].is_wrong]
        # Where the learner passes with other answers than the reference's (another order of
        # random numbers, say), a mistake's answers show nothing.
        passed = [check for check in checks.values() if check.is_right]
        names = [check.name for check in wrong], [check.name for check in passed]
        found: dict[str, dict[str, Likeness]] = {}
        for mistake, spellings in mistakes.items() if wrong else ():
            try:
                shown = [self._compare(text, wrong, passed) for text in spellings]
            except TimeIsUp:
                break
            found[mistake] = max(
                shown,
                key=lambda one: (
                    sum(one.get(name, Likeness.OTHER) > Likeness.OTHER for name in names[0]),
                    sum(likeness > Likeness.OTHER for likeness in one.values()),
                    sum(one.values()),
                ),
            )
        return prefer_same(found, *names)

    def _compare(self, text: str, wrong: list[Check], passed: list[Check]) -> dict[str, Likeness]:
        """Return per check how near a source comes to the learner's answers.

        Wrong answers come first, and as soon as a source cannot fit it is asked nothing more.
        """
        failed, right = [one.name for one in wrong], [one.name for one in passed]
        shown: dict[str, Likeness] = {}
        for check in (*wrong, *passed):
            shown[check.name] = self._liken(text, check)
            if not can_fit(explain(shown), failed, right):
                return {**dict.fromkeys(failed, Likeness.OTHER), **shown}
        return shown

    def _liken(self, text: str, check: Check) -> Likeness:
        """Return how near a mistake comes to the learner's answers in a check.

        At the first answer that is another one it is asked nothing more.
        """
        given = self._asker.iterate_answers(text, check.questions)
        likeness, count = Likeness.SAME, 0
        for answers in zip(check.returned, given, check.expected, strict=False):
            if not is_same(*answers):
                if not (check.is_far_off and is_same(*answers, rough=True)):
                    return Likeness.OTHER
                likeness = Likeness.ROUGH
            count += 1
        return likeness if count == len(check.questions) else Likeness.OTHER
