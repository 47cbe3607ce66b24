"""Mutants put to an exercise's checks, on all cores, each until a check does not pass."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader.authoring import mutation, trial
from grader.authoring.case import Case
from grader.authoring.mutant_tally import Survivor, Tally
from grader.authoring.mutation.mutant import Mutant
from grader.authoring.trial import Trial
from grader.base.errors import Fault
from grader.base.paths import Workspace
from grader.grading.client import Engine
from grader.grading.protocol.plan import Finding, Plan, Report
from grader.services.parallel import Observer, Task, run_parallel

Tell = Callable[[str], None]

CALL_SECONDS, TIMES = 1.0, 4
"""A mutant has so long for a call, or so many times what all checks of the reference took."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a run ended: whether it was noticed, which check broke, and how long it took."""

    noticed: bool
    breaks: str
    seconds: float


class _NotPassedError(Exception):
    """A check does not pass, which is all that is asked."""


class MutantTrials:
    """Puts mutants to checks on all cores."""

    def __init__(self, workspace: Workspace, engine: Engine, tell: Tell, watch: Observer) -> None:
        self._workspace, self._engine, self._tell = workspace, engine, tell
        self._watch = watch

    def run(self, cases: Sequence[Case]) -> Iterator[tuple[Case, Tally]]:
        """Yield each case with its tally, as soon as it and all before it are there."""
        if not cases:
            return
        self._engine.start()
        plans = [self._make_plan(case) for case in cases]
        generated = [
            _generate_mutants(case) if plan else [] for case, plan in zip(cases, plans, strict=True)
        ]
        tasks = [
            Task(case.exercise.id, partial(self._run_mutant, case, plan, mutant.text), 0.0)
            for case, plan, mutants in zip(cases, plans, generated, strict=True)
            for mutant in mutants
            if plan
        ]
        with closing(run_parallel(tasks, self._engine.abandon, self._watch)) as ends:
            for case, plan, mutants in zip(cases, plans, generated, strict=True):
                tally = _build_tally(case, mutants, [next(ends) for _ in mutants])
                if plan is None:
                    tally = replace(tally, faults=_explain_unsound(case))
                self._tell(f"{case.exercise.id}: {format_counts(tally)}, {tally.seconds:.1f} s")
                yield case, tally

    def _make_plan(self, case: Case) -> Plan | None:
        """Return the plan for mutants, with the reference's time; None if the reference fails."""
        if case.faults or not case.claims:
            return None
        plan = trial.build_plan(self._workspace, case, Trial("reference", "", case.reference))
        end = self._run_mutant(case, plan, case.reference)
        if end.noticed or end.breaks:
            return None
        longest = max(CALL_SECONDS, TIMES * end.seconds)
        return replace(plan, call_seconds=min(plan.call_seconds, longest))

    def _run_mutant(self, case: Case, plan: Plan, text: str) -> _Outcome:
        """Run a text until a check does not pass."""
        began = time.perf_counter()
        breaks = ""
        try:
            with self._engine.run(replace(plan, source=replace(plan.source, text=text))) as run:
                report = run.collect_report(_stop_at_first)
            noticed = not _has_passed(case, report)
            breaks = report.fault if noticed and not _is_answer(report) else ""
        except _NotPassedError:
            noticed = True
        return _Outcome(noticed and not breaks, breaks, time.perf_counter() - began)


def _stop_at_first(finding: Finding) -> None:
    if finding.status != "passed":
        raise _NotPassedError


def _has_passed(case: Case, report: Report) -> bool:
    """Return True if every check that the course demands has passed."""
    passed = {found.name for found in report.findings if found.status == "passed"}
    return not report.fault and passed >= {claim.name for claim in case.claims}


def _is_answer(report: Report) -> bool:
    """Return True if a learner would read what is wrong, and not that a check broke."""
    return bool(report.load_error) or report.out_of_time


def _generate_mutants(case: Case) -> list[Mutant]:
    return mutation.generate_mutants(case.reference, case.exercise.writes, path=case.at.reference)


def _build_tally(case: Case, mutants: list[Mutant], ends: list[_Outcome]) -> Tally:
    survivors = tuple(
        Survivor.from_mutant(mutant, end.breaks)
        for mutant, end in zip(mutants, ends, strict=True)
        if not end.noticed
    )
    seconds = sum(end.seconds for end in ends)
    return Tally(case.exercise.id, case.at.reference, len(mutants), survivors, seconds)


def _explain_unsound(case: Case) -> tuple[Fault, ...]:
    """Explain why an exercise's mutants show nothing."""
    remedy = f"run grade author check {case.exercise.id}"
    problem = "the reference does not pass its own checks"
    return case.faults or (Fault(Path(case.at.reference), 1, 1, problem, remedy),)


def format_counts(tally: Tally) -> str:
    """Format how many mutants there are, and how many were noticed."""
    return f"{tally.mutants} mutants, {tally.noticed} noticed"
