"""The course gate: every exercise is proved sound, or each shortfall is named with its place."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from math import inf
from pathlib import Path

from grader.authoring import (
    lessons,
    plain_pytest,
    static_checks,
    stray_files,
    trial,
    trial_rules,
)
from grader.authoring.case import Case, read_case
from grader.authoring.child_process import ChildProcess
from grader.authoring.proof_cache import ProofCache
from grader.authoring.stubs import check_stub, find_schema_faults
from grader.authoring.trial import TrialResult
from grader.base.cache import Cache
from grader.base.errors import Fault
from grader.course.loader import files
from grader.course.model import Exercise
from grader.grading.client import Engine
from grader.services.durations import Durations, weigh
from grader.services.parallel import Observer, SilentObserver, Task, run_parallel
from grader.services.session import Session

Tell = Callable[[str], None]

Run = TrialResult | plain_pytest.PlainResults

PLAIN = "plain pytest"
"""What the run of plain pytest beside the judge is called."""


def check(
    session: Session,
    engine: Engine,
    exercises: Sequence[Exercise],
    tell: Tell = lambda text: None,
    *,
    cached: bool = True,
    watch: Observer | None = None,
    proofs: ProofCache | None = None,
) -> list[Fault]:
    """Prove the exercises; return every shortfall in them and in the course's files, sorted.

    ``tell`` hears a line per exercise, and ``watch`` of each run. What was proved before is not
    proved again, unless ``cached`` is False; ``proofs`` keeps it, with the figures.
    """
    entries = {found.id: found for found in files.read(session.workspace).iterate_exercises()}
    cases = [read_case(session, exercise, entries[exercise.id]) for exercise in exercises]
    proofs = proofs or ProofCache(session.workspace, session.course)
    old = [case for case in cases if cached and proofs.has_proof(case)]
    for case in old:
        tell(f"{case.exercise.id}: unchanged, checked before")
    gate = _Gate(session, engine, proofs, tell, watch or SilentObserver())
    faults = [
        *find_schema_faults(session.workspace),
        *stray_files.find_faults(session.workspace, session.course),
        *lessons.check_terms(session.course, cases),
    ]
    for case, found in gate.prove([case for case in cases if case not in old]):
        faults += found
        if not found:
            proofs.keep(case)
    return sorted(set(faults))


class _Gate:
    """Proves exercises on all cores; each trial is a run of its own."""

    def __init__(
        self, session: Session, engine: Engine, proofs: ProofCache, tell: Tell, watch: Observer
    ) -> None:
        self._workspace, self._engine, self._proofs = session.workspace, engine, proofs
        self._tell, self._watch = tell, watch
        self._durations = Durations(Cache(session.workspace.cache), "gate")
        self._spent: defaultdict[str, list[float]] = defaultdict(list)
        self._answers = ""

    def prove(self, cases: Sequence[Case]) -> list[tuple[Case, list[Fault]]]:
        """Return each case with what is wrong with it."""
        if not cases:
            return []
        self._engine.start()
        batches = [(batch, ChildProcess()) for batch in plain_pytest.make_batches(cases)]
        tasks: list[Task[Run]] = [*self._list_tasks(cases)]
        for batch, child in batches:
            beside = partial(plain_pytest.run_plain_pytest, self._workspace, batch, child)
            tasks.append(Task(PLAIN, beside, inf))

        def abandon() -> None:
            self._engine.abandon()
            for _, child in batches:
                child.end()

        with (
            tempfile.TemporaryDirectory() as self._answers,
            closing(run_parallel(tasks, abandon, self._watch)) as done,
        ):
            results = (result for result in done if isinstance(result, TrialResult))
            judged = [(case, *self._judge(case, results)) for case in cases]
            self._durations.save()
            plain = [found for found in done if isinstance(found, plain_pytest.PlainResults)]
        beside_of = {
            case.exercise.id: found
            for (batch, _), found in zip(batches, plain, strict=True)
            for case in batch
        }
        return [
            (case, [*faults, *self._compare_plain(case, beside_of[case.exercise.id], results)])
            for case, faults, results in judged
        ]

    def _list_tasks(self, cases: Sequence[Case]) -> Iterator[Task[Run]]:
        """Yield each trial of each case; those of the exercise that took longest weigh most."""
        expected = self._durations.read()
        for case in cases:
            for one in trial.list_trials(case):
                held = partial(self._run_trial, case, one)
                yield Task(case.exercise.id, held, weigh(case.exercise, expected))

    def _run_trial(self, case: Case, one: trial.Trial) -> TrialResult:
        began = time.perf_counter()
        result = trial.run_trial(self._workspace, self._engine, case, one, self._answers)
        seconds = time.perf_counter() - began
        self._spent[case.exercise.id].append(seconds)
        return replace(result, seconds=seconds)

    def _judge(
        self, case: Case, done: Iterator[TrialResult]
    ) -> tuple[list[Fault], list[TrialResult]]:
        """Return what reading and judging found, and report it in a line."""
        results = [next(done) for _ in trial.list_trials(case)]
        self._proofs.store_figures(case, trial_rules.count_figures(case, results))
        faults = [
            *static_checks.find_faults(case),
            *lessons.check_lesson(case.lesson, case.at.lesson),
            *check_stub(self._workspace, case.exercise, case.stub),
            *trial_rules.find_faults(case, results),
        ]
        seconds = sum(self._spent[case.exercise.id])
        self._durations.add(case.exercise.id, seconds)
        counts = f"{len(case.claims)} checks, {len(case.mistakes)} mistakes, {len(results)} runs"
        short = f", {len(faults)} faults" if faults else ""
        self._tell(f"{case.exercise.id}: {counts}, {seconds:.1f} s{short}")
        return faults, results

    def _compare_plain(
        self, case: Case, found: plain_pytest.PlainResults, results: list[TrialResult]
    ) -> list[Fault]:
        """Return what plain pytest found otherwise."""
        faults = [
            *plain_pytest.compare_verdicts(case, found, results),
            *plain_pytest.check_examples(case, found),
        ]
        names = ["", *(variant.label for variant in case.variants)]
        missing = [name for name in names if not self._is_whole(case, found, name)]
        if missing and case.stub and case.claims:
            of = missing[0] or "the reference"
            problem = f"plain pytest gives no verdict on {of}: {found.trouble or 'it did not run'}"
            remedy = "run pytest on this file and fix what it reports"
            faults.append(Fault(Path(case.at.checks), 1, 1, problem, remedy))
        return faults

    @staticmethod
    def _is_whole(case: Case, found: plain_pytest.PlainResults, name: str) -> bool:
        """Return True if plain pytest has a verdict on all that it was asked."""
        checks = found.passed.get((case.exercise.id, name), {})
        left_out = plain_pytest.list_left_out(case, name) if name else []
        return {claim.name for claim in case.claims} <= {*checks, *left_out}
