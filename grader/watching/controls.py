"""What keys do: help with the exercise in hand, the list, the log, questions with yes and no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Literal

from prompt_toolkit.buffer import Buffer

from grader.console import overview
from grader.console.paint import paint
from grader.course import Exercise
from grader.errors import GroundworkError
from grader.harmless import harmless
from grader.journal import Journal
from grader.practice import assist
from grader.watching.session import Session
from grader.watching.view import View

Mode = Literal["", "list", "log", "ask"]
Panel = Callable[[], list[str]]


class Controls:
    """The state of the surface that is no state of the grading: what is open, how far down."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.mode: Mode = ""
        """What takes the keys: nothing special, the list, the log's line, or a question."""
        self.panel: Panel | None = None
        """What is shown in place of the verdict."""
        self.question = ""
        self.down = 0
        """Rows scrolled away at the top."""
        self.chosen = 0
        """The row of the list that Enter takes."""
        self.input = Buffer(multiline=False, on_text_changed=lambda _: self._searched())
        self.focused: Callable[[], None] = lambda: None
        """Hears that the mode has changed, and so who takes text."""
        self._then: Callable[[], None] = lambda: None
        self._seen = session.view

    @property
    def writing(self) -> bool:
        """Whether keys are text."""
        return self.mode in ("list", "log")

    def told(self, view: View) -> None:
        """A run that begins closes what stood in the place of its claims."""
        if view.hand != self._seen.hand or (
            view.outcome is None and self._seen.outcome is not None
        ):
            self.panel, self.down = None, 0
        elif view.outcome is not self._seen.outcome and self.panel is None:
            self.down = 0
        self._seen = view

    def attempt(self, action: Callable[[], None]) -> None:
        """Do what a key asks; what goes wrong is said."""
        try:
            action()
        except (GroundworkError, OSError) as error:
            self.home()
            self.session.say(*str(error).splitlines())

    def home(self) -> None:
        """Close what is open and show the verdict again."""
        self._turn_to("")
        self.panel = None
        self.session.close_batch()

    def scroll(self, by: int) -> None:
        """Move down, or up; in the list, move the choice."""
        if self.mode == "list":
            self.chosen = max(0, min(self.chosen + by, len(self.found()) - 1))
        else:
            self.down = max(0, self.down + by)

    def enter(self) -> None:
        """Take what is chosen, keep the line, or grade again."""
        text, mode, found, chosen = self.input.text, self.mode, self.found(), self.chosen
        self.home()
        if mode == "log":
            self._log(text)
        elif mode == "list" and found:
            self.session.take(found[min(chosen, len(found) - 1)])
        elif not mode:
            self.session.again()

    def answer(self, yes: bool) -> None:
        """The answer to what was asked."""
        then = self._then
        self._turn_to("")
        if yes:
            then()

    # The keys, by what they are for

    def hint(self) -> None:
        """Show the hints seen so far and one more."""
        hand = self.session.view.exercise
        if hand is not None:
            hints = assist.hint(self.session.desk, hand)
            left = len(hand.hints) - len(hints)
            more = f"{left} more: h" if left else overview.LAST_HINT
            self._open(lambda: [*overview.told(hints), paint(f"{more}   Esc closes", "faint")])

    def reset(self) -> None:
        """Ask, then put a fresh stub in place; the old file is kept."""
        hand = self.session.view.exercise
        if hand is not None:
            question = f"Put a fresh stub of {hand.id} in place? Your file is kept aside."
            self._ask(question, partial(self._reset, hand))

    def solution(self) -> None:
        """Show the reference; before a pass ask first."""
        hand = self.session.view.exercise
        if hand is None:
            return
        if self.session.desk.records.standing(hand.id).passed_at is None:
            self._ask(overview.asks_to_reveal(hand), partial(self._reveal, hand))
        else:
            self._reveal(hand)

    def log(self) -> None:
        """Ask for a line for today's log."""
        self._turn_to("log")

    def browse(self) -> None:
        """Show every exercise, to be searched."""
        self._turn_to("list")
        hand = self.session.view.exercise
        self.chosen = self.found().index(hand) if hand in self.found() else 0

    def found(self) -> list[Exercise]:
        """The exercises that hold each word of the search."""
        words = self.input.text.casefold().split()
        return [
            exercise
            for exercise in self.session.view.course.exercises()
            if all(word in f"{exercise.id} {exercise.title}".casefold() for word in words)
        ]

    def _reset(self, exercise: Exercise) -> None:
        desk = self.session.desk
        done = assist.reset(desk, exercise, datetime.now())
        if done.saved is not None:
            self.session.note(f"Your file is kept as {desk.workspace.shown(done.saved)}")

    def _reveal(self, exercise: Exercise) -> None:
        desk = self.session.desk
        reference = assist.reveal(desk, exercise)
        try:
            own = desk.workspace.stub(exercise.id).read_text("utf-8", errors="replace")
        except OSError:
            own = ""
        self._open(lambda: overview.beside(exercise, reference, harmless(own, 200_000)))

    def _log(self, text: str) -> None:
        workspace = self.session.desk.workspace
        if text.strip():
            path = Journal(workspace.log).add(self.session.desk.today(), text.strip())
            self.session.say(f"Added to {workspace.shown(path)}")

    def _ask(self, question: str, then: Callable[[], None]) -> None:
        self._turn_to("ask")
        self.question, self._then = question, then

    def _open(self, panel: Panel) -> None:
        self._turn_to("")
        self.panel = panel

    def _turn_to(self, mode: Mode) -> None:
        self.mode, self.down = mode, 0
        self.input.reset()
        self.focused()

    def _searched(self) -> None:
        self.chosen = 0
