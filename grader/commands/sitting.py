"""One sitting of ``grade review``: asks card by card, then the exercises to solve again."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Literal

from grader import clock, review
from grader.console import cards
from grader.console.keys import ENTER, Keys
from grader.console.paint import complain, say, wrapped
from grader.course import Exercise
from grader.learner import Card, Recall
from grader.practice import Desk, again
from grader.practice.recall import Deck, answer
from grader.records import shelves

Word = Literal["on", "skip", "quit"]
_TURN: dict[str, Word] = {ENTER: "on", "s": "skip", "q": "quit"}
_GRADES: dict[str, review.Choice] = {
    **{str(number): choice for number, choice in enumerate(review.CHOICES, 1)},
    **{choice[0]: choice for choice in review.CHOICES},
}
_ASKED: dict[str, review.Choice | Literal["skip", "quit"]] = {**_GRADES, "s": "skip", "q": "quit"}


class Sitting:
    """Asks what is due, and keeps each answer at once."""

    def __init__(self, at: Desk, deck: Deck, named: bool) -> None:
        self._at, self._deck, self._named = at, deck, named
        self._shelf = shelves.cards(at.workspace.progress)
        self._asked, self._keys = 0, Keys()

    def hold(self) -> None:
        """Ask until all is asked or the learner quits; then say what is left."""
        parts = [self._cards, self._copies]
        with self._keys:
            for part in reversed(parts) if self._named and self._begun() else parts:
                if part() == "quit":
                    break
        deck = self._deck.now(self._at)
        cards.ended(self._asked, deck)
        cards.doubled(deck)

    # Cards

    def _cards(self) -> Word:
        turn = self._deck.turn()
        held = {card.id: card for card in self._deck.pile.cards}
        ids, new = (*turn.due, *turn.new), set(turn.new)
        for number, key in enumerate(ids):
            if self._card(held[key], len(ids) - number, key in new) == "quit":
                return "quit"
        return "on"

    def _card(self, card: Card, left: int, new: bool) -> Word:
        seen = self._shelf.get(card.id)
        if seen != self._deck.recalls.get(card.id):
            return "on"  # answered in another window meanwhile
        cards.question(card, left, new)
        word = self._keys.ask("Enter shows the answer, s skips, q quits", _TURN, "quit")
        if word != "on":
            return word
        now = clock.now()
        cards.answer(card)
        cards.choices(review.outlook(seen, now, self._deck.settings), self._deck.today)
        said = self._keys.ask("1 to 4 or a, h, g, e; s skips, q quits", _ASKED, "quit")
        if said == "skip" or said == "quit":
            return said
        self._keep(card, seen, said)
        return "on"

    def _keep(self, card: Card, seen: Recall | None, choice: review.Choice) -> None:
        kept = answer(self._shelf, card.id, seen, choice, clock.now(), self._deck.settings)
        if kept is None:
            say("Answered in another window meanwhile; that answer stands.")
            return
        self._asked += 1
        day = review.due_day(kept, self._deck.settings)
        say(f"{choice}: asked again {cards.when(day, self._deck.today)}")

    # Exercises to solve again

    def _begun(self) -> list[str]:
        """The copies under way, of the exercises that are looked at."""
        looked = {key.removeprefix(review.EXERCISE) for key in self._deck.exercises}
        return [name for name in again.underway(self._at) if name in looked]

    def _copies(self) -> Word:
        begun = self._begun()
        fresh = [name for name in self._deck.lapsed() if name not in begun]
        for name in begun:
            if self._copy(self._at.course.exercise(name)) == "quit":
                return "quit"
        if fresh and (self._named or not begun):
            return self._fresh(fresh)
        return "on"

    def _fresh(self, names: list[str]) -> Word:
        """Offer the exercise that is due the longest; the others wait, as each takes a while."""
        exercise = self._at.course.exercise(names[0])
        key = f"{review.EXERCISE}{exercise.id}"
        since = review.due_day(self._deck.exercises[key], self._deck.settings)
        cards.exercise(exercise, (self._deck.today - since).days)
        if len(names) > 1:
            say(wrapped(f"Due after it: {', '.join(names[1:4])}{', ...' if names[4:] else ''}"))
        offer = f"Enter puts an empty stub into {self._path(exercise)}, s skips, q quits"
        word = self._keys.ask(offer, _TURN, "quit")
        if word == "on":
            done = again.begin(self._at, exercise, datetime.now())
            if done.saved is not None:
                say(f"What lay there is kept as {self._at.workspace.shown(done.saved)}")
            say(self._next(exercise, "Write it there"))
        return word

    def _copy(self, exercise: Exercise) -> Word:
        """A copy under way: grade it, give it up or leave it."""
        say()
        say(f"{exercise.id} is being solved again in {self._path(exercise)}")
        keys: dict[str, Word | Literal["over"]] = {**_TURN, "a": "over"}
        if self._empty(exercise):
            say("It is still empty.")
            keys = {**keys, ENTER: "skip"}
            word = self._keys.ask(
                "Enter or s leaves it for later, a gives it up, q quits", keys, "quit"
            )
        else:
            word = self._keys.ask("Enter grades it, a gives it up, s skips, q quits", keys, "quit")
        if word == "over":
            self._settled(exercise, again.give_up(self._at, exercise))
            say(f"Compare with: grade solution {exercise.id}")
            return "on"
        if word == "on":
            self._grade(exercise)
        return word

    def _grade(self, exercise: Exercise) -> None:
        from grader.engine.client import Engine
        from grader.practice import grade

        seed = int.from_bytes(os.urandom(4), "big") >> 1
        with Engine(False, complain) as engine:
            outcome = grade(self._at, engine, exercise, seed, "again")
        cards.verdict_of(outcome)
        recall = again.settle(self._at, exercise, outcome)
        if outcome.verdict == "passed":
            self._settled(exercise, recall)
        elif outcome.verdict != "grader_error":
            say(self._next(exercise, "Mend it"))

    def _settled(self, exercise: Exercise, recall: Recall | None) -> None:
        if recall is None:
            say("Settled in another window meanwhile; that stands.")
            return
        day = review.due_day(recall, self._deck.settings)
        say(f"{exercise.id} is due again {cards.when(day, self._deck.today)}.")

    def _next(self, exercise: Exercise, do: str) -> str:
        return wrapped(f"{do}, then: grade review {exercise.id}")

    def _path(self, exercise: Exercise) -> str:
        return self._at.workspace.shown(self._at.workspace.again(exercise.id))

    def _empty(self, exercise: Exercise) -> bool:
        from grader.practice import unwritten

        try:
            text = self._at.workspace.again(exercise.id).read_text("utf-8")
        except (OSError, ValueError):
            return False
        return unwritten(text, exercise)
