"""One call of a magic: the exercise's file is graded, and the verdict shown below the cell."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from grader.cli.commands.run_report import announce_finished, show_result, warn
from grader.cli.console import verdict
from grader.cli.console.terminal import capture_text
from grader.cli.console.training import StepText, format_expected
from grader.cli.notebook.kernel import Output
from grader.cli.notebook.views import Place, VerdictView, name_cell_lines
from grader.course.model import Exercise
from grader.grading.client import Engine
from grader.grading.outcome import Outcome
from grader.grading.protocol.notices import StepNotice
from grader.services import grading
from grader.services.exercise_cell import ExerciseFile
from grader.services.session import Session

COLUMNS = 100
PAUSE = 0.5
"""Seconds between two lines about a training run."""


@dataclass(frozen=True, slots=True)
class Task:
    """One call of a magic: what is graded, and where it is shown."""

    session: Session
    exercise: Exercise
    file: ExerciseFile
    place: Place
    output: Output
    seed: int | None
    passed: frozenset[str]
    """The exercises that were passed before."""

    def grade(self) -> Outcome:
        """Grade the file and record the attempt, as ``grade EXERCISE`` does."""
        seed = grading.choose_seed() if self.seed is None else self.seed
        expected = format_expected(self.exercise)

        def show_expected() -> None:
            if expected:
                self.output.show_text(f"The checks of {self.exercise.id} take {expected}.")

        with Engine(notice=self.output.show_text) as engine:
            outcome = grading.grade(
                self.session,
                engine,
                self.exercise,
                seed,
                tell_begin=show_expected,
                tell_steps=_make_step_listener(self.output),
            )
        return name_cell_lines(outcome, self.place)

    def show(
        self,
        outcome: Outcome,
        difference: tuple[str, ...] = (),
        advice: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> None:
        """Show the verdict, with what the terminal would show after it."""
        head = _capture(lambda: verdict.show_verdict(outcome, self.exercise))
        after = _capture(partial(self._show_after, outcome))
        if outcome.verdict in ("passed", "error", "grader_error"):
            after = after[len(head) :]  # there the verdict is shown with what follows it
        plain = after if outcome.verdict == "open" else [*head, *after]
        view = VerdictView(
            outcome,
            self.place,
            "\n".join(plain),
            "\n".join(after).strip("\n"),
            difference,
            advice,
            notes,
            self._list_troubles(outcome),
        )
        self.output.show(view._repr_mimebundle_())

    def _list_troubles(self, outcome: Outcome) -> tuple[str, ...]:
        """Return what a failed verdict has to say of the records; a pass has it in what follows."""
        if outcome.verdict != "failed":
            return ()
        unrecorded = [verdict.format_unrecorded(outcome)] if outcome.unrecorded else []
        return (*unrecorded, *(f"records: {text}" for text in self.session.records.warnings))

    def _show_after(self, outcome: Outcome) -> None:
        show_result(self.session, outcome, alone=True, as_json=False)
        warn(self.session)
        announce_finished(self.session, self.passed)


def _make_step_listener(output: Output) -> Callable[[StepNotice], None]:
    """Return what shows how far a training run is, twice a second at most."""
    text, shown = StepText(), float("-inf")

    def show(notice: StepNotice) -> None:
        nonlocal shown
        line, now = text.format(notice), time.monotonic()
        if now - shown >= PAUSE:
            shown = now
            output.show_text(line)

    return show


def _capture(show: Callable[[], None]) -> list[str]:
    with capture_text(COLUMNS) as lines:
        show()
    return lines
