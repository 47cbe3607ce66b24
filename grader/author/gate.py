"""The course gate: every exercise is proved sound, or each shortfall is named with its place."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from math import inf
from pathlib import Path

from grader.author import form, plain, proof, strays, trial
from grader.author.case import Case, read
from grader.author.leash import Leash
from grader.author.proved import Proved
from grader.author.stubs import schema_faults, stub_fault
from grader.author.trial import Result
from grader.cache import Cache
from grader.course import Exercise
from grader.curriculum import files
from grader.engine.client import Engine
from grader.errors import Fault
from grader.practice import Desk
from grader.practice.lanes import Task, Unwatched, Watch, in_lanes
from grader.practice.pace import Pace, weight

Tell = Callable[[str], None]

Run = Result | plain.Plain

PLAIN = "plain pytest"
"""What the run of plain pytest beside the judge is called."""


def check(
    desk: Desk,
    engine: Engine,
    exercises: Sequence[Exercise],
    tell: Tell = lambda text: None,
    *,
    cached: bool = True,
    watch: Watch | None = None,
    proved: Proved | None = None,
) -> list[Fault]:
    """Prove the exercises; every shortfall in them and in the course's files, sorted.

    ``tell`` hears a line per exercise, and ``watch`` of each run. What was proved before is not
    proved again, unless ``cached`` is False; ``proved`` keeps it, with the figures.
    """
    entries = {found.id: found for found in files.read(desk.workspace).exercises()}
    cases = [read(desk.workspace, exercise, entries[exercise.id]) for exercise in exercises]
    proved = proved or Proved(desk.workspace, desk.course)
    old = [case for case in cases if cached and proved.knows(case)]
    for case in old:
        tell(f"{case.exercise.id}: proved before")
    gate = _Gate(desk, engine, proved, tell, watch or Unwatched())
    faults = [*schema_faults(desk.workspace), *strays.faults(desk.workspace, desk.course)]
    for case, found in gate.prove([case for case in cases if case not in old]):
        faults += found
        if not found:
            proved.keep(case)
    return sorted(set(faults))


class _Gate:
    """Proves exercises on all cores; each trial is a run of its own."""

    def __init__(
        self, desk: Desk, engine: Engine, proved: Proved, tell: Tell, watch: Watch
    ) -> None:
        self._workspace, self._engine, self._proved = desk.workspace, engine, proved
        self._tell, self._watch = tell, watch
        self._pace = Pace(Cache(desk.workspace.cache), "gate")
        self._spent: defaultdict[str, list[float]] = defaultdict(list)

    def prove(self, cases: Sequence[Case]) -> list[tuple[Case, list[Fault]]]:
        """Each case with what is wrong with it."""
        if not cases:
            return []
        self._engine.start()
        leash = Leash()
        beside = partial(plain.run, self._workspace, cases, leash)
        tasks: list[Task[Run]] = [*self._trials(cases), Task(PLAIN, beside, inf)]

        def abandon() -> None:
            self._engine.abandon()
            leash.end()

        with closing(in_lanes(tasks, abandon, self._watch)) as done:
            results = (result for result in done if isinstance(result, Result))
            judged = [(case, *self._judged(case, results)) for case in cases]
            self._pace.keep()
            (found,) = (found for found in done if isinstance(found, plain.Plain))
        return [
            (case, [*faults, *self._beside(case, found, results)])
            for case, faults, results in judged
        ]

    def _trials(self, cases: Sequence[Case]) -> Iterator[Task[Run]]:
        """Each trial of each case; those of the exercise that took longest weigh most."""
        expected = self._pace.expected()
        for case in cases:
            for one in trial.trials(case):
                held = partial(self._hold, case, one)
                yield Task(case.exercise.id, held, weight(case.exercise, expected))

    def _hold(self, case: Case, one: trial.Trial) -> Result:
        began = time.perf_counter()
        result = trial.hold(self._workspace, self._engine, case, one)
        seconds = time.perf_counter() - began
        self._spent[case.exercise.id].append(seconds)
        return replace(result, seconds=seconds)

    def _judged(self, case: Case, done: Iterator[Result]) -> tuple[list[Fault], list[Result]]:
        """What reading and judging found; told in a line."""
        results = [next(done) for _ in trial.trials(case)]
        self._proved.note(case, proof.figures(case, results))
        faults = [
            *form.faults(case),
            *stub_fault(self._workspace, case.exercise, case.stub),
            *proof.faults(case, results),
        ]
        seconds = sum(self._spent[case.exercise.id])
        self._pace.note(case.exercise.id, seconds)
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
