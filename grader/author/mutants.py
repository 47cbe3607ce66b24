"""Mutants put to an exercise's checks, on all cores, each until a check does not pass."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader import surgery
from grader.author import trial
from grader.author.case import Case
from grader.author.survivor import Survivor, Tally
from grader.author.trial import Trial
from grader.engine.client import Engine
from grader.engine.plan import Finding, Plan, Report
from grader.errors import Fault
from grader.practice.lanes import Task, Watch, in_lanes
from grader.surgery import Mutant
from grader.workspace import Workspace

Tell = Callable[[str], None]

CALL_SECONDS, TIMES = 1.0, 4
"""A mutant has so long for a call, or so many times what all checks of the reference took."""


@dataclass(frozen=True, slots=True)
class _End:
    """How a run ended: whether it was noticed, which check broke, and how long it took."""

    noticed: bool
    breaks: str
    seconds: float


class _Noticed(Exception):
    """A check does not pass, which is all that is asked."""


class Trials:
    """Puts mutants to checks on all cores."""

    def __init__(self, workspace: Workspace, engine: Engine, tell: Tell, watch: Watch) -> None:
        self._workspace, self._engine, self._tell = workspace, engine, tell
        self._watch = watch

    def hold(self, cases: Sequence[Case]) -> Iterator[tuple[Case, Tally]]:
        """Each case with its tally, as soon as it and all before it are there."""
        if not cases:
            return
        self._engine.start()
        plans = [self._plan(case) for case in cases]
        made = [_mutants(case) if plan else [] for case, plan in zip(cases, plans, strict=True)]
        tasks = [
            Task(case.exercise.id, partial(self._end, case, plan, mutant.text), 0.0)
            for case, plan, mutants in zip(cases, plans, made, strict=True)
            for mutant in mutants
            if plan
        ]
        with closing(in_lanes(tasks, self._engine.abandon, self._watch)) as ends:
            for case, plan, mutants in zip(cases, plans, made, strict=True):
                tally = _tally(case, mutants, [next(ends) for _ in mutants])
                if plan is None:
                    tally = replace(tally, faults=_unsound(case))
                self._tell(f"{case.exercise.id}: {counted(tally)}, {tally.seconds:.1f} s")
                yield case, tally

    def _plan(self, case: Case) -> Plan | None:
        """How a mutant is run: like the reference, and hardly longer; None if that fails."""
        if case.faults or not case.claims:
            return None
        given = trial.plan(self._workspace, case, Trial("reference", "", case.reference))
        end = self._end(case, given, case.reference)
        if end.noticed or end.breaks:
            return None
        longest = max(CALL_SECONDS, TIMES * end.seconds)
        return replace(given, call_seconds=min(given.call_seconds, longest))

    def _end(self, case: Case, plan: Plan, text: str) -> _End:
        """Run a text until a check does not pass."""
        began = time.perf_counter()
        breaks = ""
        try:
            with self._engine.run(replace(plan, source=replace(plan.source, text=text))) as run:
                report = run.report(_stop_at_first)
            noticed = not _passes(case, report)
            breaks = report.fault if noticed and not _answers(report) else ""
        except _Noticed:
            noticed = True
        return _End(noticed and not breaks, breaks, time.perf_counter() - began)


def _stop_at_first(finding: Finding) -> None:
    if finding.status != "passed":
        raise _Noticed


def _passes(case: Case, report: Report) -> bool:
    """Whether every check that the course demands has passed."""
    passed = {found.name for found in report.findings if found.status == "passed"}
    return not report.fault and passed >= {claim.name for claim in case.claims}


def _answers(report: Report) -> bool:
    """Whether a learner would hear what is wrong, and not that a check broke."""
    return bool(report.load_error) or report.out_of_time


def _mutants(case: Case) -> list[Mutant]:
    return surgery.mutants(case.reference, case.exercise.writes, path=case.at.reference)


def _tally(case: Case, mutants: list[Mutant], ends: list[_End]) -> Tally:
    survivors = tuple(
        Survivor.of(mutant, end.breaks)
        for mutant, end in zip(mutants, ends, strict=True)
        if not end.noticed
    )
    seconds = sum(end.seconds for end in ends)
    return Tally(case.exercise.id, case.at.reference, len(mutants), survivors, seconds)


def _unsound(case: Case) -> tuple[Fault, ...]:
    """Why an exercise's mutants say nothing."""
    remedy = f"see what grade author check {case.exercise.id} says"
    problem = "the reference does not pass its own checks"
    return case.faults or (Fault(Path(case.at.reference), 1, 1, problem, remedy),)


def counted(tally: Tally) -> str:
    """How many mutants there are, and how many were noticed."""
    return f"{tally.mutants} mutants, {tally.noticed} noticed"
