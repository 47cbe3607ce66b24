"""A session of watching: what is in hand, what is demanded, and what there is to see of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from grader.console import overview
from grader.course import Exercise
from grader.engine.client import Engine
from grader.errors import GroundworkError
from grader.harmless import harmless
from grader.practice import Desk, unwritten
from grader.progress import after
from grader.watching.folder import Seen
from grader.watching.turns import Turn, Turns
from grader.watching.view import View
from grader.watching.work import Work


class Session:
    """One desk under watch. A context manager: its threads end with it."""

    def __init__(self, desk: Desk, cold: bool = False) -> None:
        self.desk = desk
        self.told: Callable[[View], None] = lambda view: None
        """Hears each new view, from whatever thread it comes."""
        self.view = View(desk.course, desk.progress())
        self.fault: BaseException | None = None
        """What broke in a thread of ours: the surface ends, and raises it."""
        self._turns = Turns(lambda: self._engine.abandon(), self.broke)
        self._engine = Engine(cold, self.say)
        self._work = Work(self, self._engine)

    def __enter__(self) -> Session:
        self._turns.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._turns.__exit__()
        self._engine.__exit__(*exception)

    def broke(self, fault: BaseException) -> None:
        """A thread of ours has ended with a fault of ours."""
        self.fault = fault
        self.told(self.view)

    # What may be asked, from any thread

    def take(self, exercise: Exercise) -> None:
        """Take an exercise in hand and grade it."""
        self._turns.demand(lambda turn: self._work.saved(exercise.id, turn))

    def again(self) -> None:
        """Grade the exercise in hand once more."""
        if self.view.exercise is not None:
            self.take(self.view.exercise)

    def everything(self) -> None:
        """Grade every exercise, in course order."""
        self._turns.demand(self._work.everything)

    def close_batch(self) -> None:
        """Show the exercise in hand again after a run of all."""
        with self._turns.change:
            if self.view.batch is not None and self.view.work == "idle":
                self._set(batch=None)

    def take_next(self) -> None:
        """Take what comes after the exercise in hand, which may be left undone."""
        following = after(self.desk.course, self.desk.progress(), self.view.hand)
        if following is None:
            self.say(overview.done(self.desk.course))
        else:
            self.take(following)

    def say(self, *texts: str) -> None:
        """Say something beside the verdict."""
        with self._turns.change:
            self._set(said=in_lines(texts))

    def note(self, text: str) -> None:
        """Say something that the next verdict leaves standing."""
        self._work.noted = (harmless(text),)
        self.say(text)

    def show(self, turn: Turn, **changes: Any) -> None:
        """Change the view, unless the turn is stale."""
        turn.show(lambda: self._set(**changes))

    def _set(self, **changes: Any) -> None:
        self.view = replace(self.view, **changes)
        self.told(self.view)

    # What was seen of the files

    def saw(self, seen: Seen) -> None:
        """Grade what was saved, and say what else was seen."""
        workspace = self.desk.workspace
        if seen.course:
            self._open_again()
        if seen.silent:
            self.say(seen.silent)
        if seen.gone:
            gone = ", ".join(workspace.shown(workspace.stub(name)) for name in seen.gone)
            self.say(f"gone: {gone}. Bring it back, or reset the exercise for a fresh stub.")
        saved = self._meant(seen)
        if saved:
            first = self.view.hand if self.view.hand in saved else saved[0]
            with self._turns.change:
                self._work.waiting.update(dict.fromkeys(saved))
                self._turns.demand(lambda turn: self._work.saved(first, turn))

    def _meant(self, seen: Seen) -> tuple[str, ...]:
        """What of it is a learner's save: of many at once, only what is more than a stub."""
        saved = seen.saved
        if not saved and len(seen.touched) == 1 and seen.touched[0] != self.view.hand:
            saved = seen.touched
        if len(saved) > 1:
            saved = tuple(name for name in saved if self._begun(name)) or saved[:1]
        return saved

    def _begun(self, name: str) -> bool:
        """Whether an exercise's file is more than its stub."""
        path = self.desk.workspace.stub(name)
        try:
            return not unwritten(path.read_text("utf-8"), self.desk.course.exercise(name))
        except (OSError, ValueError, KeyError):
            return True

    def _open_again(self) -> None:
        """Take up the course as it is now, and grade again what is asked in another way."""
        hand = self.view.exercise
        try:
            self.desk = desk = Desk.at(self.desk.workspace)
            now = {exercise.id: exercise for exercise in desk.course.exercises()}
            hand = now.get(hand.id) if hand is not None else None
            with self._turns.change:
                self._set(course=desk.course, progress=desk.progress(), exercise=hand)
            self.say("The course has changed.")
            if hand is not None and desk.checks_hash(hand) != self._work.asked:
                self.take(hand)
        except (GroundworkError, OSError) as error:
            self.say("The course cannot be read; its last good state is kept.", str(error))


def in_lines(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts line by line, harmless to print."""
    return tuple(harmless(line) for text in texts for line in text.splitlines())
