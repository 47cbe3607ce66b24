"""Right answers graded on all cores; what was found before is read from the cache."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from grader.authoring.case import Case
from grader.authoring.proof_cache import ProofCache, find_version
from grader.authoring.sample_answers import SampleAnswer, find_complaints
from grader.base.cache import Cache
from grader.grading.client import Engine
from grader.services.parallel import Observer, Task, run_parallel
from grader.services.session import Session

KIND = "answers"


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """What became of a sample."""

    sample: SampleAnswer
    complaints: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    """The libraries without which it was not graded."""

    @property
    def passed(self) -> bool:
        """Return True if it was graded and every check passed."""
        return not self.complaints and not self.lacks


class AnswerGrader:
    """Grades sample answers."""

    def __init__(self, session: Session, engine: Engine, watch: Observer, *, cached: bool) -> None:
        self._session, self._engine, self._watch = session, engine, watch
        self._proofs = ProofCache(session.workspace, session.course)
        self._cache, self._cached = Cache(session.workspace.cache), cached

    def grade(self, asked: Sequence[SampleAnswer], cases: Mapping[str, Case]) -> list[GradedAnswer]:
        """Grade each sample; return what came out, in their order."""
        tasks = [
            Task(one.exercise.id, partial(self._grade_sample, one, cases[one.exercise.id]), 0.0)
            for one in asked
        ]
        if tasks:
            self._engine.start()
        with closing(run_parallel(tasks, self._engine.abandon, self._watch)) as done:
            return list(done)

    def _grade_sample(self, sample: SampleAnswer, case: Case) -> GradedAnswer:
        if lacks := sample.list_missing():
            return GradedAnswer(sample, (), tuple(lacks))
        key = self._hash_sample(sample, case)
        kept = self._cache.get(KIND, key) if self._cached else None
        if kept is None:
            found = find_complaints(self._session.workspace, self._engine, sample, case.claims)
            kept = {"complaints": json.dumps(found)}
            self._cache.put(kept, KIND, key)
        return GradedAnswer(sample, tuple(json.loads(kept["complaints"])))

    def _hash_sample(self, sample: SampleAnswer, case: Case) -> str:
        text = sample.path.read_text("utf-8")
        libraries = [f"{name} {find_version(name)}" for name in sample.list_imports()]
        parts = [self._proofs.hash_case(case), sample.kind, sample.path.stem, text, *libraries]
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
