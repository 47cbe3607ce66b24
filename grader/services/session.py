"""The opened workspace: everything that one command needs, read at first use."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from grader.base import clock
from grader.base.cache import Cache
from grader.base.errors import UsageError, WorkspaceError
from grader.base.paths import Workspace
from grader.course.loader.cached import load_cached
from grader.course.model import Course, Exercise, Mistake
from grader.course.source.shared import NAME as SHARED
from grader.course.source.shared import read_with_shared
from grader.learner import progress
from grader.learner.github_pages import VARIABLE, derive_address
from grader.learner.records import Records
from grader.learner.records.tables import open_milestones
from grader.learner.settings import Settings

if TYPE_CHECKING:
    from grader.course.source.claims import Claim


MOST_MEANT = 8
"""As many exercises are suggested for a word that occurs in their names or titles."""


@dataclass(frozen=True, slots=True)
class Session:
    """One workspace, opened."""

    workspace: Workspace
    course: Course
    records: Records

    @classmethod
    def open(cls, workspace: Workspace) -> Session:
        """Open a workspace; ``CourseError`` when its course has faults."""
        return cls(workspace, load_cached(workspace), Records(workspace.progress))

    def read_progress(self) -> progress.Progress:
        """Return how far the learner has come."""
        standings = self.records.read_standings()
        hashes = {
            exercise.id: self.hash_checks(exercise)
            for exercise in self.course.iterate_exercises()
            if exercise.id in standings and standings[exercise.id].passed_at is not None
        }
        return progress.survey(self.course, standings, hashes, self._read_milestones())

    def _read_milestones(self) -> dict[str, str]:
        """Return the milestones that have a program, with the day on which each was reached."""
        there = [
            milestone.id
            for milestone in self.course.milestones
            if self.workspace.locate_milestone(milestone.id).is_file()
        ]
        table = open_milestones(self.workspace.progress)
        known = table.read_all() if there and table.path.exists() else {}
        self.records.warnings += table.warnings
        return {name: known[name].reached_day if name in known else "" for name in there}

    def read_settings(self) -> Settings:
        """Return the learner's settings. What cannot be read has its default, and is a warning.

        So a slip in that file costs no attempt: ``records.warnings`` says which line to fix.
        Where they name no address for the site, it is the one that the workflow publishes to.
        """
        settings, faults = Settings.read_leniently(self.workspace.settings)
        warnings = [f"{fault} Until it is fixed, the default is used." for fault in faults]
        self.records.warnings += [one for one in warnings if one not in self.records.warnings]
        return settings.default_address(derive_address(os.environ.get(VARIABLE, "")))

    def get_today(self) -> date:
        """Return the learner's day, which begins at the hour that they chose."""
        return self.read_settings().find_day(clock.get_now())

    def find(self, names: tuple[str, ...]) -> list[Exercise]:
        """Return the exercises that the names stand for, in course order.

        A name is ``unit/exercise``, a unit, an exercise's own name where no other has it, or
        the path of its file. ``UsageError`` says what was meant instead.
        """
        chosen = {exercise.id for name in names for exercise in self._match(name)}
        return [exercise for exercise in self.course.iterate_exercises() if exercise.id in chosen]

    def find_one(self, name: str) -> Exercise:
        """Return the one exercise that a name stands for."""
        found = self.find((name,))
        if len(found) != 1:
            raise UsageError(
                f"{name} matches {len(found)} exercises; name one:  "
                + ", ".join(exercise.id for exercise in found)
            )
        return found[0]

    def _match(self, name: str) -> list[Exercise]:
        name = name.replace("\\", "/").removesuffix(".py").removesuffix(".ipynb").rstrip("/")
        name = name.rpartition("exercises/")[2]
        exercises = list(self.course.iterate_exercises())
        for match in (
            [e for e in exercises if e.id == name],
            [e for e in exercises if e.unit == name],
            [e for e in exercises if e.name == name],
        ):
            if match:
                return match
        known = [e.id for e in exercises] + [unit.id for unit in self.course.iterate_units()]
        close = progress.find_containing(name, {e.id: e.title for e in exercises})
        close = close if 0 < len(close) <= MOST_MEANT else progress.find_similar(name, known)
        meant = f"did you mean {join_choices(close)}?" if close else "grade list shows all of them."
        raise UsageError(f"no exercise or unit is called {name!r}; {meant}")

    # The exercise's sources. What takes long to make is cached by a hash of what it is made from

    def read_reference(self, exercise: Exercise) -> str:
        """Return the reference's text."""
        return self.workspace.locate_reference(exercise.id).read_text("utf-8")

    def make_stub(self, exercise: Exercise) -> str:
        """Return the stub as the course gives it: the reference with its bodies blanked."""
        reference, cache = self.read_reference(exercise), self._open_cache()
        cached = cache.get("stubs", reference, *exercise.writes)
        if cached is None:
            from grader.course.source import stub

            path = self.workspace.locate_reference(exercise.id)
            cached = {"stub": stub.make_stub(reference, exercise.writes, path=path)}
            cache.put(cached, "stubs", reference, *exercise.writes)
        return cached["stub"]

    def make_variants(self, exercise: Exercise) -> dict[str, list[str]]:
        """Return the reference with each mistake made, in each of its spellings, by mistake."""
        reference, mistakes = self.read_reference(exercise), self._read_mistakes_text(exercise)
        cached = self._open_cache().get("spellings", reference, mistakes)
        if cached is None:
            from grader.course.source.variants import build_variants, group_by_mistake

            spellings = group_by_mistake(build_variants(reference, mistakes))
            cached = {name: json.dumps(texts) for name, texts in spellings.items()}
            self._open_cache().put(cached, "spellings", reference, mistakes)
        return {name: json.loads(texts) for name, texts in cached.items()}

    def read_mistakes(self, exercise: Exercise) -> tuple[Mistake, ...]:
        """Return the known mistakes, as their file says them."""
        from grader.course.source.mistakes import read_mistakes

        path = self.workspace.locate_mistakes(exercise.id)
        return read_mistakes(self._read_mistakes_text(exercise), path=path)

    def read_claims(self, exercise: Exercise) -> tuple[Claim, ...]:
        """Return what the checks claim, in order: the set that must pass."""
        from grader.course.source.claims import read_claims

        path = self.workspace.locate_checks(exercise.id)
        return read_claims(path.read_text("utf-8"), path=path)

    def hash_checks(self, exercise: Exercise) -> str:
        """Return a hash of the checks and the stub: when it changes, a pass is stale."""
        path = self.workspace.locate_checks(exercise.id)
        try:
            checks = read_with_shared(path)
        except OSError as error:
            # The loader has seen the check file; what it shares with another may be missing still.
            missing = self.workspace.show_path(path.with_name(SHARED))
            problem = f"{missing} cannot be read: {error.strerror}. Restore it and try again."
            raise WorkspaceError(problem) from error
        return hash_contract(checks, self.make_stub(exercise))

    def _read_mistakes_text(self, exercise: Exercise) -> str:
        return self.workspace.locate_mistakes(exercise.id).read_text("utf-8")

    def _open_cache(self) -> Cache:
        return Cache(self.workspace.cache)


def join_choices(names: list[str]) -> str:
    """Return ``a``, ``a or b`` or ``a, b or c``."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def hash_contract(checks: str, stub: str) -> str:
    """Return the hash that a pass stores: of the checks, with what they share, and the stub."""
    from hashlib import sha256  # 3 ms, which a command that looks at no pass does without

    return sha256(f"{checks}\0{stub}".encode()).hexdigest()
