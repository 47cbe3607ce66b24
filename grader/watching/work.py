"""What a session's worker does: grade what is in hand, what was saved beside it, or everything."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from grader.console import verdict
from grader.course import Exercise
from grader.engine.client import Abandoned, Engine
from grader.errors import GroundworkError
from grader.outcome import CheckResult
from grader.practice import Desk, grade, whereabouts
from grader.watching.turns import Turn

if TYPE_CHECKING:
    from grader.watching.session import Session


class Work:
    """Grades for a session; every method is called in the worker's thread."""

    def __init__(self, session: Session, engine: Engine) -> None:
        self._session, self._engine = session, engine
        self.asked = ""
        """What the checks of the exercise in hand were when it was graded."""
        self.waiting: dict[str, None] = {}
        """What was saved and has no verdict yet, in the order of saving."""
        self.noted: tuple[str, ...] = ()
        """What the next verdict leaves standing."""
        self._answered = False

    def saved(self, first: str, turn: Turn) -> None:
        """Grade one exercise in hand, then all others that were saved and have no verdict yet."""
        self._tried(first, turn, self._in_hand)
        for name in list(self.waiting):
            self._tried(name, turn, self._aside)

    def everything(self, turn: Turn) -> None:
        """Grade all exercises; outcomes show in course order."""
        from grader.practice.many import grade_all  # not needed for the first screen

        session, desk, seed = self._session, self._session.desk, secrets.randbelow(2**31)
        exercises = list(desk.course.exercises())
        session.show(turn, work=self._word(), batch=(), whole=len(exercises), said=())

        def run() -> None:
            with closing(grade_all(desk, self._engine, exercises, seed)) as coming:
                for outcome in coming:
                    batch = (*(session.view.batch or ()), outcome)
                    session.show(turn, work="checking", batch=batch)
            session.show(turn, work="idle", said=_warnings(desk), progress=desk.progress())

        self._guarded(turn, run)

    def _tried(self, name: str, turn: Turn, how: Callable[[Exercise, Turn], None]) -> None:
        """Grade it, unless something newer is wanted; it has its verdict then, or its trouble."""
        exercises = self._session.desk.course.exercises()
        exercise = next((exercise for exercise in exercises if exercise.id == name), None)
        if turn.stale:
            return
        if exercise is not None:  # it may have left the course
            self._guarded(turn, lambda: how(exercise, turn))
        turn.show(lambda: self.waiting.pop(name, None))

    def _guarded(self, turn: Turn, run: Callable[[], None]) -> None:
        """Run it; what goes wrong is said."""
        said = ""
        try:
            run()
        except Abandoned:
            said = "The run was ended; Enter grades again."
        except GroundworkError as error:
            said = str(error)
        except OSError as error:
            said = f"{error.filename}: {error.strerror or error}"
        if said:
            self._session.show(turn, work="idle")
            turn.show(lambda: self._session.say(said))

    def _in_hand(self, exercise: Exercise, turn: Turn) -> None:
        """Take one exercise in hand and grade it; findings show as they come."""
        session, desk = self._session, self._session.desk
        began: dict[str, Any] = {"checks": (), "outcome": None, "said": (), "batch": None}
        session.show(turn, exercise=exercise, claims=(), work=self._word(), **began)
        session.show(turn, claims=desk.claims(exercise), **_places(desk, exercise))
        self.asked = desk.checks_hash(exercise)

        def tell(check: CheckResult) -> None:
            if turn.stale:
                raise Abandoned("a newer text was saved")
            self._answered = True
            others = (other for other in session.view.checks if other.name != check.name)
            session.show(turn, work="checking", checks=(*others, check))

        outcome = grade(desk, self._engine, exercise, secrets.randbelow(2**31), tell=tell)
        unrecorded = (verdict.unrecorded(outcome),) if outcome.unrecorded else ()
        said, self.noted = (*self.noted, *unrecorded, *_warnings(desk)), ()
        session.show(turn, work="idle", outcome=outcome, said=said, progress=desk.progress())
        if not self._answered:
            self._answered = True
            self._engine.start()

    def _aside(self, exercise: Exercise, turn: Turn) -> None:
        """Grade an exercise that is not in hand, and say in one line what was found."""
        session, desk = self._session, self._session.desk
        outcome = grade(desk, self._engine, exercise, secrets.randbelow(2**31))
        said = (*session.view.said, verdict.headline(outcome))
        session.show(turn, said=said, progress=desk.progress())

    def _word(self) -> str:
        return "checking" if self._answered else "starting"


def _places(desk: Desk, exercise: Exercise) -> dict[str, str]:
    lesson = desk.workspace.shown(desk.workspace.lesson(exercise.id))
    return {"where": whereabouts(desk, exercise), "lesson": lesson}


def _warnings(desk: Desk) -> tuple[str, ...]:
    return tuple(f"records: {warning}" for warning in desk.records.warnings)
