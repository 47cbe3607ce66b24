"""Grade one exercise from the file to the record: read, run, diagnose, record."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from grader.base import clock
from grader.base.errors import GraderFault, RecordsError
from grader.course.model import Exercise
from grader.course.source.claims import Claim
from grader.grading.client import Engine, Run
from grader.grading.diagnosis import choose_mistake, list_candidates
from grader.grading.outcome import (
    Attempt,
    CheckResult,
    Diagnosis,
    Outcome,
    Status,
    Target,
    Verdict,
)
from grader.grading.protocol.notices import StepNotice
from grader.grading.protocol.plan import Finding, Plan, Source
from grader.services.outcomes import block_all, choose_verdict, collect_results, make_result
from grader.services.session import Session
from grader.services.submission import Submission, is_unwritten, read_submission

Tell = Callable[[CheckResult], None]
TellSteps = Callable[[StepNotice], None]
Settle = Callable[[Outcome], Outcome]

WRONG: frozenset[Status] = frozenset({"failed", "timeout", "crashed", "memory"})
"""What a check comes to that the learner's code has answered, or broken."""


def choose_seed() -> int:
    """Return a fresh seed, from 0 to 2**31 - 1, from which a run's inputs are drawn."""
    return int.from_bytes(os.urandom(4), "big") >> 1  # ``secrets`` would take 10 ms to import


def grade(
    session: Session,
    engine: Engine,
    exercise: Exercise,
    seed: int,
    target: Target = "exercises",
    tell: Tell = lambda check: None,
    tell_verdict: Callable[[Outcome], None] = lambda outcome: None,
    tell_begin: Callable[[], None] = lambda: None,
    tell_steps: TellSteps = lambda notice: None,
) -> Outcome:
    """Grade an exercise and record the attempt when the learner's own file was graded.

    A stub that is untouched is ``open``, and nothing is run. A fault of the grader's records
    nothing. Where the records cannot be written the outcome says so, and stands. ``tell_verdict``
    hears the verdict as soon as it is recorded, before anybody has looked for the mistake.
    ``tell_begin`` is called before the code runs, if it does, and ``tell_steps`` hears how far a
    training run in it is.
    """
    began = time.perf_counter()
    grading = _Grading(session, exercise, seed, target, session.read_claims(exercise))
    submission = read_submission(
        grading.get_path(), session.workspace.show_path(grading.get_path())
    )
    recording = _Recording(session, exercise, submission, tell_verdict)
    if submission.trouble:
        return recording.settle(grading.skip_run("error", submission.trouble))
    if is_unwritten(submission.text, exercise):
        return recording.settle(grading.skip_run("open", "not written yet"))
    tell_begin()
    try:
        outcome = grading.run(engine, submission, tell, recording.settle, began, tell_steps)
    except GraderFault as fault:
        return recording.settle(
            replace(grading.skip_run("grader_error", str(fault)), fault=str(fault))
        )
    return recording.explain(outcome)


def grade_submission(
    session: Session,
    engine: Engine,
    exercise: Exercise,
    submission: Submission,
    seed: int,
    tell_verdict: Callable[[Outcome], None],
) -> Outcome:
    """Grade a text as the learner's file is graded, and record nothing; for trials."""
    grading = _Grading(session, exercise, seed, "exercises", session.read_claims(exercise))

    def settle(outcome: Outcome) -> Outcome:
        tell_verdict(outcome)
        return outcome

    if submission.trouble:
        return settle(grading.skip_run("error", submission.trouble))
    return grading.run(engine, submission, lambda check: None, settle, time.perf_counter())


def record(
    session: Session, exercise: Exercise, outcome: Outcome, submission: Submission
) -> Attempt:
    """Record an attempt and return it: it is on disk then."""
    standing = session.records.read_standing(exercise.id)
    attempt = Attempt(
        exercise=exercise.id,
        verdict=outcome.verdict,
        checks={check.name: check.status for check in outcome.checks},
        seed=outcome.seed,
        seconds=round(outcome.seconds, 3),
        file_hash=submission.hash,
        checks_hash=session.hash_checks(exercise),
        at=clock.format_now(),
        day=session.get_today().isoformat(),
        mistake=outcome.looks_like.mistake if outcome.looks_like else None,
        hints=standing.hints,
        revealed=standing.revealed,
    )
    session.records.record(attempt)
    return attempt


class _Recording:
    """What is recorded of one grading: the verdict at once, its explanation when it is there."""

    def __init__(
        self,
        session: Session,
        exercise: Exercise,
        submission: Submission,
        tell_verdict: Callable[[Outcome], None],
    ) -> None:
        self._session, self._exercise, self._submission = session, exercise, submission
        self._tell_verdict = tell_verdict
        self._recorded: Attempt | None = None

    def settle(self, outcome: Outcome) -> Outcome:
        """Record the attempt on the learner's own file, and tell the verdict."""
        if outcome.target == "exercises" and outcome.verdict not in ("open", "grader_error"):
            try:
                self._recorded = record(self._session, self._exercise, outcome, self._submission)
            except RecordsError as error:
                outcome = replace(outcome, unrecorded=str(error))
        self._tell_verdict(outcome)
        return outcome

    def explain(self, outcome: Outcome) -> Outcome:
        """Add to the recorded attempt the mistake that it looks like, if there is one."""
        if self._recorded is not None and outcome.looks_like is not None:
            try:
                self._session.records.explain(self._recorded, outcome.looks_like.mistake)
            except RecordsError as error:
                return replace(outcome, unrecorded=str(error))
        return outcome


@dataclass(frozen=True, slots=True)
class _Grading:
    """One exercise under one target, and the checks that must pass."""

    session: Session
    exercise: Exercise
    seed: int
    target: Target
    claims: tuple[Claim, ...]

    def get_path(self) -> Path:
        """Return the file to grade."""
        workspace = self.session.workspace
        places = {"solutions": workspace.locate_reference, "again": workspace.locate_repeat}
        return places.get(self.target, workspace.locate_stub)(self.exercise.id)

    def skip_run(self, verdict: Verdict, reason: str) -> Outcome:
        """Return an outcome without a run: every check is blocked for one reason."""
        fault = reason if verdict == "error" else ""
        return self._make_outcome(verdict, block_all(self.claims, reason), 0.0, fault)

    def run(
        self,
        engine: Engine,
        submission: Submission,
        tell: Tell,
        settle: Settle,
        began: float,
        tell_steps: TellSteps = lambda notice: None,
    ) -> Outcome:
        """Run the checks, settle the outcome of the report, then look for the mistake in it."""
        claims = {claim.name: claim.claim for claim in self.claims}

        def tell_result(finding: Finding) -> None:
            tell(make_result(finding, claims.get(finding.name, "")))

        with engine.run(self._make_plan(submission)) as run:
            report = run.collect_report(tell_result, tell_steps)
            checks = collect_results(self.claims, report, self.exercise.seconds)
            verdict = choose_verdict(report, checks)
            fault = report.fault or report.load_error
            seconds = time.perf_counter() - began
            outcome = settle(self._make_outcome(verdict, checks, seconds, fault))
            if verdict != "failed" or report.out_of_time:
                return outcome
            # Explained while the run is open: the judge puts its questions to the mistakes.
            return self._explain(run, outcome)

    def _make_plan(self, submission: Submission) -> Plan:
        workspace, exercise = self.session.workspace, self.exercise
        others = workspace.root / ("exercises" if self.target == "mine" else "solutions")
        return Plan(
            source=Source(
                exercise.id,
                submission.text,
                submission.shown,
                str(others),
                exercise.forbids,
                self.session.course.list_reach(exercise),
            ),
            check_file=str(workspace.locate_checks(exercise.id)),
            seed=self.seed,
            call_seconds=exercise.call_seconds,
            seconds=exercise.seconds,
            memory_mb=exercise.memory_mb,
        )

    def _explain(self, run: Run, outcome: Outcome) -> Outcome:
        """Return the outcome with its mistake, or with relations where no mistake fits."""
        failed = [check.name for check in outcome.checks if check.status in WRONG]
        looks_like = self._diagnose(run, failed)
        if looks_like is not None or not failed:
            return replace(outcome, looks_like=looks_like)
        reference = self.session.read_reference(self.exercise)
        return replace(outcome, relations=run.collect_relations(reference))

    def _diagnose(self, run: Run, failed: list[str]) -> Diagnosis | None:
        session, exercise = self.session, self.exercise
        mistakes = {one.name: one for one in session.read_mistakes(exercise)}
        caught_by = {name: one.caught_by for name, one in mistakes.items()}
        spellings = session.make_variants(exercise)
        candidates = {name: spellings[name] for name in list_candidates(caught_by, failed)}
        if not candidates:
            return None
        evidence = run.collect_evidence(session.read_reference(exercise), candidates)
        name = choose_mistake(evidence, failed, caught_by)
        return Diagnosis(name, mistakes[name].says) if name is not None else None

    def _make_outcome(
        self,
        verdict: Verdict,
        checks: tuple[CheckResult, ...],
        seconds: float,
        fault: str = "",
    ) -> Outcome:
        return Outcome(
            self.exercise.id, self.target, verdict, checks, None, self.seed, seconds, fault
        )
