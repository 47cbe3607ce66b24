"""Where everything that one command needs lies ready: workspace, course, records, sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from grader import clock, progress
from grader.cache import Cache
from grader.course import Course, Exercise, Mistake
from grader.curriculum import kept
from grader.errors import UsageError
from grader.records import Records
from grader.settings import Settings
from grader.workspace import Workspace

if TYPE_CHECKING:
    from grader.surgery import Claim


@dataclass(frozen=True, slots=True)
class Desk:
    """One workspace, opened."""

    workspace: Workspace
    course: Course
    records: Records

    @classmethod
    def at(cls, workspace: Workspace) -> Desk:
        """Open a workspace; ``CourseError`` when its course has faults."""
        return cls(workspace, kept.course(workspace), Records(workspace.progress))

    def progress(self) -> progress.Progress:
        """How far the learner has come."""
        standings = self.records.standings()
        hashes = {
            exercise.id: self.checks_hash(exercise)
            for exercise in self.course.exercises()
            if exercise.id in standings and standings[exercise.id].passed_at is not None
        }
        return progress.survey(self.course, standings, hashes)

    def settings(self) -> Settings:
        """The learner's settings. What cannot be read has its default, and is a warning.

        So a slip in that file costs no attempt: ``records.warnings`` says which line to mend.
        """
        settings, faults = Settings.lenient(self.workspace.settings)
        told = [f"{fault} Until it is mended, the default counts." for fault in faults]
        self.records.warnings += [one for one in told if one not in self.records.warnings]
        return settings

    def today(self) -> date:
        """The learner's day, which begins at the hour that they chose."""
        return self.settings().day_of(clock.now())

    def find(self, names: tuple[str, ...]) -> list[Exercise]:
        """The exercises that the names stand for, in course order.

        A name is ``unit/exercise``, a unit, an exercise's own name where no other has it, or
        the path of its file. ``UsageError`` says what was meant instead.
        """
        chosen = {exercise.id for name in names for exercise in self._named(name)}
        return [exercise for exercise in self.course.exercises() if exercise.id in chosen]

    def one(self, name: str) -> Exercise:
        """The one exercise that a name stands for."""
        found = self.find((name,))
        if len(found) != 1:
            raise UsageError(
                f"{name} stands for {len(found)} exercises; name one: "
                + ", ".join(exercise.id for exercise in found)
            )
        return found[0]

    def _named(self, name: str) -> list[Exercise]:
        name = name.replace("\\", "/").removesuffix(".py").rstrip("/")
        name = name.rpartition("exercises/")[2]
        exercises = list(self.course.exercises())
        for match in (
            [e for e in exercises if e.id == name],
            [e for e in exercises if e.unit == name],
            [e for e in exercises if e.name == name],
        ):
            if match:
                return match
        known = [e.id for e in exercises] + [unit.id for unit in self.course.units()]
        close = progress.near(name, known)
        meant = f"did you mean {' or '.join(close)}?" if close else "grade list shows all of them."
        raise UsageError(f"no exercise or unit is called {name!r}; {meant}")

    # Sources, each made once and kept by the hash of what it was made from

    def reference(self, exercise: Exercise) -> str:
        """The reference's text."""
        return self.workspace.reference(exercise.id).read_text("utf-8")

    def stub(self, exercise: Exercise) -> str:
        """The stub as the course gives it: the reference with its bodies blanked."""
        reference, cache = self.reference(exercise), self._cache()
        kept = cache.get("stubs", reference, *exercise.writes)
        if kept is None:
            from grader import surgery

            path = self.workspace.reference(exercise.id)
            kept = {"stub": surgery.blank(reference, exercise.writes, path=path)}
            cache.put(kept, "stubs", reference, *exercise.writes)
        return kept["stub"]

    def variants(self, exercise: Exercise) -> dict[str, str]:
        """Per mistake, the reference with that mistake made."""
        reference, mistakes = self.reference(exercise), self._mistakes_text(exercise)
        kept = self._cache().get("variants", reference, mistakes)
        if kept is None:
            from grader import surgery

            kept = surgery.variants(reference, mistakes)
            self._cache().put(kept, "variants", reference, mistakes)
        return kept

    def mistakes(self, exercise: Exercise) -> tuple[Mistake, ...]:
        """The known mistakes, as their file says them."""
        from grader import surgery

        path = self.workspace.mistakes(exercise.id)
        return surgery.mistakes(self._mistakes_text(exercise), path=path)

    def claims(self, exercise: Exercise) -> tuple[Claim, ...]:
        """What the checks claim, in order: the set that must pass."""
        from grader import surgery

        path = self.workspace.checks(exercise.id)
        return surgery.claims(path.read_text("utf-8"), path=path)

    def checks_hash(self, exercise: Exercise) -> str:
        """What is asked: the checks and the stub. When it changes, a pass is stale."""
        from hashlib import sha256  # 3 ms, which a command that looks at no pass does without

        checks = self.workspace.checks(exercise.id).read_text("utf-8")
        return sha256(f"{checks}\0{self.stub(exercise)}".encode()).hexdigest()

    def _mistakes_text(self, exercise: Exercise) -> str:
        return self.workspace.mistakes(exercise.id).read_text("utf-8")

    def _cache(self) -> Cache:
        return Cache(self.workspace.cache)
