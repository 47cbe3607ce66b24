"""Right answers put to the checks, on all cores; what was found before is not looked for again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from grader.author.case import Case
from grader.author.proved import Proved, version_of
from grader.author.submission import Submission, complaints
from grader.cache import Cache
from grader.engine.client import Engine
from grader.practice import Desk
from grader.practice.lanes import Task, Watch, in_lanes

KIND = "answers"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a submission."""

    submission: Submission
    complaints: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    """The libraries without which it was not graded."""

    @property
    def passed(self) -> bool:
        """Whether it was graded, and every check passed."""
        return not self.complaints and not self.lacks


class Answers:
    """Grades submissions."""

    def __init__(self, desk: Desk, engine: Engine, watch: Watch, *, cached: bool) -> None:
        self._desk, self._engine, self._watch = desk, engine, watch
        self._proved = Proved(desk.workspace, desk.course)
        self._cache, self._cached = Cache(desk.workspace.cache), cached

    def of(self, asked: Sequence[Submission], cases: Mapping[str, Case]) -> list[Answer]:
        """What becomes of each, in their order."""
        tasks = [
            Task(one.exercise.id, partial(self._answer, one, cases[one.exercise.id]), 0.0)
            for one in asked
        ]
        if tasks:
            self._engine.start()
        with closing(in_lanes(tasks, self._engine.abandon, self._watch)) as done:
            return list(done)

    def _answer(self, submission: Submission, case: Case) -> Answer:
        if lacks := submission.lacks():
            return Answer(submission, (), tuple(lacks))
        key = self._key(submission, case)
        kept = self._cache.get(KIND, key) if self._cached else None
        if kept is None:
            told = complaints(self._desk.workspace, self._engine, submission, case.claims)
            kept = {"complaints": json.dumps(told)}
            self._cache.put(kept, KIND, key)
        return Answer(submission, tuple(json.loads(kept["complaints"])))

    def _key(self, submission: Submission, case: Case) -> str:
        text = submission.path.read_text("utf-8")
        libraries = [f"{name} {version_of(name)}" for name in submission.imports()]
        parts = [self._proved.key(case), submission.kind, submission.path.stem, text, *libraries]
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
