"""The real course, and a learner who is some weeks into it: invented data, the same each time."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from grader.base.paths import Workspace
from grader.course.source.claims import read_claims
from grader.course.source.mistakes import read_mistakes
from grader.grading.outcome import Attempt, Status
from grader.learner.journal import Journal
from grader.learner.records import Records
from grader.services.session import Session

REPO = Path(__file__).resolve().parents[2]
BEGAN = datetime(2026, 10, 5, 17, 30, tzinfo=UTC)


def course(root: Path) -> Workspace:
    """A clone of the real course, without anything of a learner's."""
    for folder in ("curriculum", "solutions", "docs/assets"):
        shutil.copytree(REPO / folder, root / folder)
    shutil.copy(REPO / "mkdocs.yml", root)
    for page in sorted((REPO / "docs").glob("*.md")):
        shutil.copy(page, root / "docs")
    (root / "grader").symlink_to(REPO / "grader")
    (root / ".groundwork" / "docs").mkdir(parents=True)
    return Workspace(root)


@dataclass(slots=True)
class Learner:
    """Goes through the exercises in order, with mistakes, hints and pauses drawn from a seed."""

    own: Workspace
    session: Session = field(init=False)
    records: Records = field(init=False)
    now: datetime = BEGAN
    chance: Random = field(default_factory=lambda: Random(5))

    def __post_init__(self) -> None:
        self.session, self.records = Session.open(self.own), Records(self.own.progress)

    def study(self, done: int, begun: int = 2) -> None:
        """Pass so many exercises and leave some more begun."""
        exercises = list(self.session.course.iterate_exercises())
        for exercise in exercises[:done]:
            for _ in range(self.chance.choice((0, 0, 1, 2, 3, 6))):
                self.fail(exercise.id)
                self.wait(self.chance.choice((4, 11, 25, 1500, 4000)))
            self.passes(exercise.id)
            self.wait(self.chance.choice((40, 90, 1400, 2900)))
        for exercise in exercises[done : done + begun]:
            for _ in range(3):
                self.fail(exercise.id)
                self.wait(9)
        self.records.skip(exercises[done + begun].id)

    def wait(self, minutes: float) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)

    def fail(self, exercise: str) -> None:
        """An attempt that breaks some check, most often by a known mistake."""
        names = [c.name for c in read_claims(self.own.locate_checks(exercise).read_text("utf-8"))]
        known = read_mistakes(
            self.own.locate_mistakes(exercise).read_text("utf-8"),
            path=self.own.locate_mistakes(exercise),
        )
        broken = self.chance.randrange(len(names))
        statuses: dict[str, Status] = dict.fromkeys(names, "passed")
        statuses |= dict.fromkeys(names[broken:], "failed")
        mistake = self.chance.choice(known).name if self.chance.random() < 0.7 else None
        self._record(exercise, statuses, mistake, self.chance.choice((0, 0, 0, 1, 2)))

    def passes(self, exercise: str) -> None:
        """An attempt that passes every check."""
        names = [c.name for c in read_claims(self.own.locate_checks(exercise).read_text("utf-8"))]
        self._record(exercise, dict.fromkeys(names, "passed"), None, 0)

    def _record(
        self, exercise: str, statuses: dict[str, Status], mistake: str | None, hints: int
    ) -> None:
        passed = set(statuses.values()) == {"passed"}
        if hints:
            self.records.see_hint(exercise, hints)
        self.records.record(
            Attempt(
                exercise=exercise,
                verdict="passed" if passed else "failed",
                checks=statuses,
                seed=1,
                seconds=0.5,
                file_hash="f" * 64,
                checks_hash=self.session.hash_checks(self.session.course.find_exercise(exercise)),
                at=self.now.isoformat(timespec="seconds"),
                day=(self.now - timedelta(hours=4)).date().isoformat(),
                mistake=mistake,
                hints=max(hints, self.records.read_standing(exercise).hints),
            )
        )


def studied(root: Path, done: int = 18, began: datetime = BEGAN) -> Workspace:
    """A workspace in which a learner has passed so many exercises and keeps log and notes."""
    own = course(root)
    learner = Learner(own, now=began)
    learner.study(done)
    journal = Journal(own.log)
    for number, words in enumerate(("masks before softmax", "merged by hand", "drew the shapes")):
        journal.add((learner.now - timedelta(days=number)).date(), f"{words}: $q k^T$ and `x`")
    own.notes.mkdir(parents=True)
    (own.notes / "shapes.md").write_text("# Shapes\n\nB, T, C and what they stand for.\n")
    own.settings.parent.mkdir(parents=True, exist_ok=True)
    own.settings.write_text('time_zone = "UTC"\nshow_code = true\n')
    for exercise in list(learner.session.course.iterate_exercises())[:done]:
        own.locate_stub(exercise.id).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(own.locate_reference(exercise.id), own.locate_stub(exercise.id))
    return own
