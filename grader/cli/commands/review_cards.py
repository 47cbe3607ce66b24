"""The first part of ``grade review``: the cards that are due, one by one."""

from __future__ import annotations

from typing import Literal

from grader.base import clock
from grader.cli.console import cards
from grader.cli.console.keyboard import STEP_KEYS, Keyboard, Step
from grader.cli.console.terminal import say
from grader.learner import spaced_repetition
from grader.learner.model import Card, CardSchedule
from grader.learner.records import tables
from grader.services.deck import Deck, record_answer
from grader.services.session import Session
from grader.services.study import record_study

_GRADES: dict[str, spaced_repetition.Choice] = {
    **{str(number): choice for number, choice in enumerate(spaced_repetition.CHOICES, 1)},
    **{choice[0]: choice for choice in spaced_repetition.CHOICES},
}
_GRADE_KEYS: dict[str, spaced_repetition.Choice | Literal["skip", "quit"]] = {
    **_GRADES,
    "s": "skip",
    "q": "quit",
}


class CardReview:
    """Asks the cards that are due, and records each answer at once."""

    def __init__(self, session: Session, deck: Deck, keyboard: Keyboard) -> None:
        self._session, self._deck, self._keyboard = session, deck, keyboard
        self._table = tables.open_cards(session.workspace.progress)
        self.answered = 0

    def run(self) -> Step:
        """Ask until all is asked or the learner quits."""
        turn = self._deck.plan_today()
        by_id = {card.id: card for card in self._deck.note_cards.cards}
        ids, new = (*turn.due, *turn.new), set(turn.new)
        for number, key in enumerate(ids):
            if self._ask(by_id[key], len(ids) - number, key in new) == "quit":
                return "quit"
        return "on"

    def _ask(self, card: Card, left: int, new: bool) -> Step:
        seen = self._table.get(card.id)
        if seen != self._deck.recalls.get(card.id):
            return "on"  # answered in another window meanwhile
        shown_at = clock.get_now()
        cards.show_question(card, left, new)
        step = self._keyboard.ask("Enter shows the answer, s skips, q quits", STEP_KEYS, "quit")
        if step != "on":
            return step
        cards.show_answer(card)
        days = spaced_repetition.preview_days(seen, clock.get_now(), self._deck.settings)
        cards.show_choices(days, self._deck.today)
        choice = self._keyboard.ask("1 to 4 or a, h, g, e; s skips, q quits", _GRADE_KEYS, "quit")
        if choice == "skip" or choice == "quit":
            return choice
        if self._record(card, seen, choice):
            record_study(self._session, "cards", since=shown_at)
        return "on"

    def _record(
        self, card: Card, seen: CardSchedule | None, choice: spaced_repetition.Choice
    ) -> bool:
        """Record the answer; False where another window has answered meanwhile."""
        settings = self._deck.settings
        recall = record_answer(self._table, card.id, seen, choice, clock.get_now(), settings)
        if recall is None:
            say("Answered in another window meanwhile; that answer counts.")
            return False
        self.answered += 1
        day = spaced_repetition.find_due_day(recall, settings)
        say(f"{choice}: asked again {cards.format_day(day, self._deck.today)}")
        return True
