"""Grade one exercise: ask, judge, diagnose, record."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from grader import clock, diagnosis
from grader.course import Exercise
from grader.engine.client import Conducted, Engine
from grader.engine.plan import Finding, Plan, Report, Source
from grader.errors import GraderFault, RecordsError
from grader.outcome import (
    Attempt,
    CheckResult,
    LooksLike,
    Outcome,
    Status,
    Target,
    Verdict,
)
from grader.practice.desk import Desk
from grader.practice.paper import Paper, read, unwritten
from grader.surgery import Claim

Tell = Callable[[CheckResult], None]


def grade(
    desk: Desk,
    engine: Engine,
    exercise: Exercise,
    seed: int,
    target: Target = "exercises",
    tell: Tell = lambda check: None,
) -> Outcome:
    """Grade an exercise and record the attempt when the learner's own file was graded.

    A stub that is untouched is ``open``, and nothing is run. A fault of the grader's records
    nothing. Where the records cannot be written the outcome says so, and stands.
    """
    began = time.perf_counter()
    grading = _Grading(desk, exercise, seed, target, desk.claims(exercise))
    paper = read(grading.path(), desk.workspace.shown(grading.path()))
    if paper.trouble:
        outcome = grading.without_run("error", paper.trouble)
    elif unwritten(paper.text, exercise):
        outcome = grading.without_run("open", "not written yet")
    else:
        try:
            outcome = grading.run(engine, paper, tell, began)
        except GraderFault as fault:
            outcome = replace(grading.without_run("grader_error", str(fault)), fault=str(fault))
    if target == "exercises" and outcome.verdict not in ("open", "grader_error"):
        try:
            record(desk, exercise, outcome, paper)
        except RecordsError as error:
            return replace(outcome, unrecorded=str(error))
    return outcome


def record(desk: Desk, exercise: Exercise, outcome: Outcome, paper: Paper) -> None:
    """Keep what happened: it is on disk when this returns."""
    standing = desk.records.standing(exercise.id)
    desk.records.record(
        Attempt(
            exercise=exercise.id,
            verdict=outcome.verdict,
            checks={check.name: check.status for check in outcome.checks},
            seed=outcome.seed,
            seconds=round(outcome.seconds, 3),
            file_hash=paper.hash,
            checks_hash=desk.checks_hash(exercise),
            at=clock.utc_now(),
            day=desk.today().isoformat(),
            mistake=outcome.looks_like.mistake if outcome.looks_like else None,
            hints=standing.hints,
            revealed=standing.revealed,
        )
    )


@dataclass(frozen=True, slots=True)
class _Grading:
    """One exercise under one target, and the checks that must pass."""

    desk: Desk
    exercise: Exercise
    seed: int
    target: Target
    claims: tuple[Claim, ...]

    def path(self) -> Path:
        """The file to grade."""
        workspace = self.desk.workspace
        places = {"solutions": workspace.reference, "again": workspace.again}
        return places.get(self.target, workspace.stub)(self.exercise.id)

    def without_run(self, verdict: Verdict, reason: str) -> Outcome:
        """Every check blocked for one reason."""
        checks = tuple(CheckResult(c.name, c.claim, "blocked", reason) for c in self.claims)
        return self._outcome(verdict, checks, 0.0, fault=reason if verdict == "error" else "")

    def run(self, engine: Engine, paper: Paper, tell: Tell, began: float) -> Outcome:
        """Ask the engine and make the outcome of its report."""
        claims = {claim.name: claim.claim for claim in self.claims}

        def told(finding: Finding) -> None:
            tell(_result(finding, claims.get(finding.name, "")))

        with engine.run(self._plan(paper)) as conducted:
            report = conducted.report(told)
            checks = self._checks(report)
            verdict = self._verdict(report, checks)
            looks_like = self._diagnosed(conducted, checks) if verdict == "failed" else None
        fault = report.fault or report.load_error
        seconds = time.perf_counter() - began
        return self._outcome(verdict, checks, seconds, fault, looks_like)

    def _plan(self, paper: Paper) -> Plan:
        workspace, exercise = self.desk.workspace, self.exercise
        others = workspace.root / ("exercises" if self.target == "mine" else "solutions")
        return Plan(
            source=Source(exercise.id, paper.text, paper.shown, str(others), exercise.forbids),
            check_file=str(workspace.checks(exercise.id)),
            seed=self.seed,
            call_seconds=exercise.call_seconds,
            seconds=exercise.seconds,
            memory_mb=exercise.memory_mb,
        )

    def _checks(self, report: Report) -> tuple[CheckResult, ...]:
        """A result for each check that the course demands, also for one that did not run."""
        found = {finding.name: finding for finding in report.findings}
        return tuple(
            _result(found[claim.name], claim.claim)
            if claim.name in found
            else self._missed(claim, report)
            for claim in self.claims
        )

    def _missed(self, claim: Claim, report: Report) -> CheckResult:
        if report.out_of_time:
            used_up = f"the {self.exercise.seconds:g} seconds for this exercise were used up"
            return CheckResult(claim.name, claim.claim, "timeout", used_up)
        return CheckResult(claim.name, claim.claim, "blocked", "this check did not run")

    def _verdict(self, report: Report, checks: tuple[CheckResult, ...]) -> Verdict:
        """Passed only when every check that the course demands has passed."""
        if report.fault:
            return "grader_error"
        if report.load_error:
            return "error"
        if checks and all(check.status == "passed" for check in checks):
            return "passed"
        if any(check.message == "this check did not run" for check in checks):
            return "grader_error"
        if report.findings and all(finding.unwritten for finding in report.findings):
            return "open"
        return "error" if all(check.status == "blocked" for check in checks) else "failed"

    def _diagnosed(self, conducted: Conducted, checks: tuple[CheckResult, ...]) -> LooksLike | None:
        failed = [check.name for check in checks if check.status == "failed"]
        if not failed:
            return None
        reference, variants = self.desk.reference(self.exercise), self.desk.variants(self.exercise)
        name = diagnosis.fitting(conducted.evidence(reference, variants), failed)
        said = {mistake.name: mistake.says for mistake in self.desk.mistakes(self.exercise)}
        return LooksLike(name, said[name]) if name is not None else None

    def _outcome(
        self,
        verdict: Verdict,
        checks: tuple[CheckResult, ...],
        seconds: float,
        fault: str = "",
        looks_like: LooksLike | None = None,
    ) -> Outcome:
        return Outcome(
            self.exercise.id, self.target, verdict, checks, looks_like, self.seed, seconds, fault
        )


def _result(finding: Finding, claim: str) -> CheckResult:
    status: Status = next(s for s in get_args(Status) if s == finding.status)
    return CheckResult(
        finding.name,
        claim,
        status,
        finding.message,
        finding.asked,
        finding.want,
        finding.got,
        finding.where,
    )
