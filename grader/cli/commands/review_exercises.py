"""The second part of ``grade review``: passed exercises that are solved again, in a copy."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from grader.cli.console import cards
from grader.cli.console.keyboard import ENTER, STEP_KEYS, Keyboard, Step
from grader.cli.console.terminal import complain, say, wrap
from grader.course.model import Exercise
from grader.learner import spaced_repetition
from grader.learner.model import CardSchedule
from grader.services import repetition
from grader.services.deck import Deck
from grader.services.session import Session


class ExerciseReview:
    """Grades the copies under way, and offers the exercise that is due the longest."""

    def __init__(self, session: Session, deck: Deck, keyboard: Keyboard, named: bool) -> None:
        self._session, self._deck, self._keyboard = session, deck, keyboard
        self._named = named
        """Whether the learner named what to review, and so asked for a new copy too."""

    def list_begun(self) -> list[str]:
        """Return the copies under way, of the exercises that are reviewed."""
        reviewed = {key.removeprefix(spaced_repetition.EXERCISE) for key in self._deck.exercises}
        return [name for name in repetition.list_underway(self._session) if name in reviewed]

    def run(self) -> Step:
        """Go through the copies under way, then offer a new one."""
        begun = self.list_begun()
        fresh = [name for name in self._deck.list_lapsed() if name not in begun]
        for name in begun:
            if self._continue(self._session.course.find_exercise(name)) == "quit":
                return "quit"
        if fresh and (self._named or not begun):
            return self._offer(fresh)
        return "on"

    def _offer(self, names: list[str]) -> Step:
        """Offer the exercise that is due the longest; the others wait, as each takes a while."""
        exercise = self._session.course.find_exercise(names[0])
        key = f"{spaced_repetition.EXERCISE}{exercise.id}"
        since = spaced_repetition.find_due_day(self._deck.exercises[key], self._deck.settings)
        cards.show_exercise(exercise, (self._deck.today - since).days)
        if len(names) > 1:
            say(wrap(f"Due after it: {', '.join(names[1:4])}{', ...' if names[4:] else ''}"))
        offer = f"Enter puts an empty stub into {self._format_path(exercise)}, s skips, q quits"
        step = self._keyboard.ask(offer, STEP_KEYS, "quit")
        if step == "on":
            done = repetition.begin(self._session, exercise, datetime.now())
            if done.saved is not None:
                say(f"Your earlier file is kept as {self._session.workspace.show_path(done.saved)}")
            self._say_next(exercise, "Write it there")
        return step

    def _continue(self, exercise: Exercise) -> Step:
        """Offer to grade a copy under way, to give it up or to leave it."""
        say()
        say(f"{exercise.id} is being solved again in {self._format_path(exercise)}")
        keys: dict[str, Step | Literal["over"]] = {**STEP_KEYS, "a": "over"}
        prompt = "Enter grades it, a gives it up, s skips, q quits"
        if self._is_empty(exercise):
            say("It is still empty.")
            keys = {**keys, ENTER: "skip"}
            prompt = "Enter or s leaves it for later, a gives it up, q quits"
        step = self._keyboard.ask(prompt, keys, "quit")
        if step == "over":
            self._say_due(exercise, repetition.give_up(self._session, exercise))
            say(f"Compare with: grade solution {exercise.id}")
            return "on"
        if step == "on":
            self._grade(exercise)
        return step

    def _grade(self, exercise: Exercise) -> None:
        from grader.cli.console.training import StepLine, show_expected
        from grader.grading.client import Engine
        from grader.services.grading import choose_seed, grade

        with Engine(False, complain) as engine, StepLine() as line:
            outcome = grade(
                *(self._session, engine, exercise, choose_seed(), "again"),
                tell=lambda check: line.clear(),
                tell_begin=lambda: show_expected(exercise),
                tell_steps=line.show,
            )
        cards.show_verdict(outcome)
        recall = repetition.settle(self._session, exercise, outcome)
        if outcome.verdict == "passed":
            self._say_due(exercise, recall)
        elif outcome.verdict != "grader_error":
            self._say_next(exercise, "Fix it")

    def _say_due(self, exercise: Exercise, recall: CardSchedule | None) -> None:
        if recall is None:
            say("Answered in another window meanwhile; that answer counts.")
            return
        day = spaced_repetition.find_due_day(recall, self._deck.settings)
        say(f"{exercise.id} is due again {cards.format_day(day, self._deck.today)}.")

    def _say_next(self, exercise: Exercise, do: str) -> None:
        say(wrap(f"{do}, then: grade review {exercise.id}"))

    def _format_path(self, exercise: Exercise) -> str:
        return self._session.workspace.show_path(self._session.workspace.locate_repeat(exercise.id))

    def _is_empty(self, exercise: Exercise) -> bool:
        from grader.services.submission import is_unwritten, read_submission

        path = self._session.workspace.locate_repeat(exercise.id)
        submission = read_submission(path, path.name)
        return not submission.trouble and is_unwritten(submission.text, exercise)
