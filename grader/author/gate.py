"""The course gate: every exercise is proved sound, or each shortfall is named with its place."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from grader.author import form, plain, proof, strays, trial
from grader.author.case import Case, read
from grader.author.proved import Proved
from grader.author.stubs import schema_faults, stub_fault
from grader.author.trial import Result
from grader.course import Exercise
from grader.curriculum import files
from grader.engine.client import Engine
from grader.errors import Fault
from grader.practice import Desk

Tell = Callable[[str], None]


def check(
    desk: Desk,
    engine: Engine,
    exercises: Sequence[Exercise],
    tell: Tell = lambda text: None,
    *,
    cached: bool = True,
) -> list[Fault]:
    """Prove the exercises; every shortfall in them and in the course's files, sorted.

    ``tell`` hears a line per exercise. What was proved before is not proved again, unless
    ``cached`` is False.
    """
    entries = {found.id: found for found in files.read(desk.workspace).exercises()}
    cases = [read(desk.workspace, exercise, entries[exercise.id]) for exercise in exercises]
    proved = Proved(desk.workspace, desk.course)
    old = [case for case in cases if cached and proved.knows(case)]
    for case in old:
        tell(f"{case.exercise.id}: proved before")
    gate = _Gate(desk, engine, tell)
    faults = [*schema_faults(desk.workspace), *strays.faults(desk.workspace, desk.course)]
    for case, found in gate.prove([case for case in cases if case not in old]):
        faults += found
        if not found:
            proved.keep(case)
    return sorted(set(faults))


class _Gate:
    """Proves exercises on as many threads as there are cores; each run is its own process."""

    def __init__(self, desk: Desk, engine: Engine, tell: Tell) -> None:
        self._workspace, self._engine, self._tell = desk.workspace, engine, tell

    def prove(self, cases: Sequence[Case]) -> list[tuple[Case, list[Fault]]]:
        """Each case with what is wrong with it."""
        if not cases:
            return []
        self._engine.start()
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            try:
                beside = pool.submit(plain.run, self._workspace, cases)
                under_way = [(case, self._begin(pool, case)) for case in cases]
                judged = [(case, *self._judged(case, runs)) for case, runs in under_way]
                found = beside.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [
            (case, [*faults, *self._beside(case, found, results)])
            for case, faults, results in judged
        ]

    def _begin(self, pool: ThreadPoolExecutor, case: Case) -> list[Future[Result]]:
        return [
            pool.submit(trial.hold, self._workspace, self._engine, case, one)
            for one in trial.trials(case)
        ]

    def _judged(self, case: Case, runs: list[Future[Result]]) -> tuple[list[Fault], list[Result]]:
        """What reading and judging found; told in a line."""
        began = time.perf_counter()
        results = [run.result() for run in runs]
        faults = [
            *form.faults(case),
            *stub_fault(self._workspace, case.exercise, case.stub),
            *proof.faults(case, results),
        ]
        seconds = time.perf_counter() - began
        said = f"{len(case.claims)} checks, {len(case.mistakes)} mistakes, {len(results)} runs"
        short = f", {len(faults)} shortfalls" if faults else ""
        self._tell(f"{case.exercise.id}: {said}, {seconds:.1f} s{short}")
        return faults, results

    def _beside(self, case: Case, found: plain.Plain, results: list[Result]) -> list[Fault]:
        """What plain pytest found otherwise."""
        faults = [*plain.agreement(case, found, results), *plain.examples(case, found)]
        missing = [name for name in ("", *case.variants) if not self._whole(case, found, name)]
        if missing and case.stub and case.claims:
            of = missing[0] or "the reference"
            problem = f"plain pytest gives no verdict on {of}: {found.trouble or 'it did not run'}"
            remedy = "run pytest on this file and mend what it says"
            faults.append(Fault(Path(case.at.checks), 1, 1, problem, remedy))
        return faults

    @staticmethod
    def _whole(case: Case, found: plain.Plain, name: str) -> bool:
        checks = found.passed.get((case.exercise.id, name), {})
        return all(claim.name in checks for claim in case.claims)
