"""What keys do: help with the current exercise, the list, the log, questions with yes and no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Literal

from prompt_toolkit.buffer import Buffer

from grader.base.errors import GroundworkError
from grader.base.printable import sanitize
from grader.cli.console import overview
from grader.cli.console.side_by_side import format_solution
from grader.cli.console.terminal import paint
from grader.cli.watch.view import View
from grader.cli.watch.watcher import Watcher
from grader.course.model import Exercise
from grader.learner.journal import Journal
from grader.services import help
from grader.services.submission import read_leniently

Mode = Literal["", "list", "log", "ask"]
Panel = Callable[[], list[str]]


class Controls:
    """What is open on the surface and how far it is scrolled, which grading knows nothing of."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.mode: Mode = ""
        """What takes the keys: nothing special, the list, the log's line, or a question."""
        self.panel: Panel | None = None
        """What is shown in place of the verdict."""
        self.question = ""
        self.down = 0
        """Rows scrolled away at the top."""
        self.chosen = 0
        """The row of the list that Enter takes."""
        self.input = Buffer(multiline=False, on_text_changed=lambda _: self._reset_choice())
        self.on_focus: Callable[[], None] = lambda: None
        """Called when the mode has changed, and with it who takes text."""
        self._then: Callable[[], None] = lambda: None
        self._seen = watcher.view

    @property
    def is_writing(self) -> bool:
        """Whether keys are text."""
        return self.mode in ("list", "log")

    def update(self, view: View) -> None:
        """Take a new view: a run that begins closes what stood in the place of its claims."""
        if view.current_id != self._seen.current_id or (
            view.outcome is None and self._seen.outcome is not None
        ):
            self.panel, self.down = None, 0
        elif view.outcome is not self._seen.outcome and self.panel is None:
            self.down = 0
        self._seen = view

    def attempt(self, action: Callable[[], None]) -> None:
        """Do what a key asks; what goes wrong becomes a message."""
        try:
            action()
        except (GroundworkError, OSError) as error:
            self.close()
            self.watcher.say(*str(error).splitlines())

    def close(self) -> None:
        """Close what is open and show the verdict again."""
        self._switch_to("")
        self.panel = None
        self.watcher.close_batch()

    def scroll(self, by: int) -> None:
        """Move down, or up; in the list, move the choice."""
        if self.mode == "list":
            self.chosen = max(0, min(self.chosen + by, len(self.list_found()) - 1))
        else:
            self.down = max(0, self.down + by)

    def confirm(self) -> None:
        """Take what is chosen, log the line, or grade again."""
        text, mode, found, chosen = self.input.text, self.mode, self.list_found(), self.chosen
        self.close()
        if mode == "log":
            self._log(text)
        elif mode == "list" and found:
            self.watcher.take(found[min(chosen, len(found) - 1)])
        elif not mode:
            self.watcher.grade_again()

    def answer(self, yes: bool) -> None:
        """Take the answer to what was asked."""
        then = self._then
        self._switch_to("")
        if yes:
            then()

    # The keys, by what they are for

    def show_hint(self) -> None:
        """Show the hints seen so far and one more."""
        current = self.watcher.view.exercise
        if current is not None:
            hints = help.give_hint(self.watcher.session, current)
            left = len(current.hints) - len(hints)
            more = f"{left} more: h" if left else overview.LAST_HINT
            self._open(
                lambda: [*overview.format_hints(hints), paint(f"{more}   Esc closes", "faint")]
            )

    def reset(self) -> None:
        """Ask, then put a fresh stub in place; the old file is kept."""
        current = self.watcher.view.exercise
        if current is not None:
            question = f"Replace your file with a fresh stub of {current.id}? Your file is kept."
            self._ask(question, partial(self._reset, current))

    def show_solution(self) -> None:
        """Show the reference; before a pass ask first."""
        current = self.watcher.view.exercise
        if current is None:
            return
        if self.watcher.session.records.read_standing(current.id).passed_at is None:
            self._ask(overview.ask_to_reveal(current), partial(self._reveal, current))
        else:
            self._reveal(current)

    def open_log(self) -> None:
        """Ask for a line for today's log."""
        self._switch_to("log")

    def browse(self) -> None:
        """Show every exercise, to be searched."""
        self._switch_to("list")
        current = self.watcher.view.exercise
        self.chosen = self.list_found().index(current) if current in self.list_found() else 0

    def list_found(self) -> list[Exercise]:
        """Return the exercises that hold each word of the search."""
        words = self.input.text.casefold().split()
        return [
            exercise
            for exercise in self.watcher.view.course.iterate_exercises()
            if all(word in f"{exercise.id} {exercise.title}".casefold() for word in words)
        ]

    def _reset(self, exercise: Exercise) -> None:
        session = self.watcher.session
        done = help.reset(session, exercise, datetime.now())
        if done.saved is not None:
            self.watcher.say_lasting(
                f"Your file is kept as {session.workspace.show_path(done.saved)}"
            )

    def _reveal(self, exercise: Exercise) -> None:
        session = self.watcher.session
        reference = help.reveal(session, exercise)
        own = read_leniently(session.workspace.locate_stub(exercise.id))
        self._open(lambda: format_solution(exercise, reference, sanitize(own, 200_000)))

    def _log(self, text: str) -> None:
        workspace = self.watcher.session.workspace
        if text.strip():
            path = Journal(workspace.log).add(self.watcher.session.get_today(), text.strip())
            self.watcher.say(f"Added to {workspace.show_path(path)}")

    def _ask(self, question: str, then: Callable[[], None]) -> None:
        self._switch_to("ask")
        self.question, self._then = question, then

    def _open(self, panel: Panel) -> None:
        self._switch_to("")
        self.panel = panel

    def _switch_to(self, mode: Mode) -> None:
        self.mode, self.down = mode, 0
        self.input.reset()
        self.on_focus()

    def _reset_choice(self) -> None:
        self.chosen = 0
