"""The cards of a desk: what is asked today, and what an answer leaves behind."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from grader import clock, review
from grader.course import Course
from grader.errors import UsageError
from grader.learner import Card, Recall
from grader.notes import Notes
from grader.notes.cards import Pile, pile
from grader.practice.assist import write_whole
from grader.practice.desk import Desk
from grader.records import shelves
from grader.records.shelf import Shelf
from grader.settings import Settings


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards and the passed exercises, with their schedules, as read once."""

    pile: Pile
    recalls: Mapping[str, Recall]
    """The schedules of cards that were asked, by card."""
    exercises: Mapping[str, Recall]
    """The schedules of passed exercises, by ``exercise:`` and their id."""
    settings: Settings
    today: date
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, desk: Desk) -> Deck:
        """All cards of the notes, and all passed exercises."""
        names = [exercise.id for exercise in desk.course.exercises()]
        return _deck(desk, read_pile(desk), names)

    def limited(self, desk: Desk, cards: Iterable[Card], exercises: Iterable[str]) -> Deck:
        """The same with these cards and exercises only."""
        kept = tuple(cards)
        ids = {card.id for card in kept}
        doubled = tuple(pair for pair in self.pile.doubled if pair[0].id in ids)
        return _deck(desk, Pile(kept, doubled), exercises)

    def now(self, desk: Desk) -> Deck:
        """The same cards and exercises, with their schedules as they are now."""
        return _deck(desk, self.pile, [key.removeprefix(review.EXERCISE) for key in self.exercises])

    def towards(self, course: Course) -> dict[str, tuple[int, int]]:
        """For each objective that has cards, how many are known and how many there are."""
        serves = {exercise.id: exercise.objectives for exercise in course.exercises()}
        counts: dict[str, tuple[int, int]] = {}
        for card in self.pile.cards:
            known = self.state(card) == "known"
            for name in dict.fromkeys(o for about in card.about for o in serves.get(about, ())):
                before = counts.get(name, (0, 0))
                counts[name] = (before[0] + known, before[1] + 1)
        return counts

    def state(self, card: Card) -> review.State:
        """Where the learner is with a card."""
        return review.state_of(self.recalls.get(card.id), self.today, self.settings)

    def turn(self) -> review.Turn:
        """The cards to ask today."""
        ids = [card.id for card in self.pile.cards]
        return review.turn(ids, self.recalls, self.today, self.settings)

    def lapsed(self) -> list[str]:
        """The exercises that are due to be solved again, the longest due first."""
        due = {key: review.due_day(r, self.settings) for key, r in self.exercises.items()}
        late = sorted((day, key) for key, day in due.items() if day <= self.today)
        return [key.removeprefix(review.EXERCISE) for _, key in late]

    def next_day(self) -> date | None:
        """The next day on which a card or an exercise is due."""
        held = [self.recalls[c.id] for c in self.pile.cards if c.id in self.recalls]
        return review.next_day([*held, *self.exercises.values()], self.today, self.settings)


def _deck(desk: Desk, held: Pile, exercises: Iterable[str]) -> Deck:
    shelf = shelves.cards(desk.workspace.progress)
    kept, settings = shelf.all(), desk.settings()
    return Deck(
        held,
        {key: recall for key, recall in kept.items() if not key.startswith(review.EXERCISE)},
        review.exercises(desk.records.standings(), kept, exercises),
        settings,
        settings.day_of(clock.now()),
        tuple(shelf.warnings),
    )


def read_pile(desk: Desk) -> Pile:
    """The cards of the notes; that they are there is kept for what reads no notes."""
    workspace = desk.workspace
    found = pile(Notes(workspace.notes, workspace.cache))
    text = json.dumps(sorted(card.id for card in found.cards))
    with contextlib.suppress(OSError):
        if not workspace.pile.is_file() or workspace.pile.read_text("utf-8") != text:
            write_whole(workspace.pile, text)
    said = {name for card in found.cards for name in card.about}
    ids = {name: _exercises(desk, name) for name in said}
    return Pile(tuple(_about(card, ids) for card in found.cards), found.doubled)


def _about(card: Card, ids: Mapping[str, list[str]]) -> Card:
    """The card with its exercises by their ids; a name that is no exercise's is left out."""
    about = dict.fromkeys(id for name in card.about for id in ids[name])
    return replace(card, about=tuple(about))


def _exercises(desk: Desk, name: str) -> list[str]:
    try:
        return [exercise.id for exercise in desk.find((name,))]
    except UsageError:
        return []


def answer(
    shelf: Shelf[Recall],
    key: str,
    seen: Recall | None,
    choice: review.Choice,
    now: datetime,
    settings: Settings,
) -> Recall | None:
    """Keep an answer: it is on disk when this returns.

    None when the card was answered elsewhere since it was seen: that answer stands.
    """

    def rule(kept: Recall | None) -> Recall | None:
        if kept is not None and kept != seen:
            return None
        return review.graded(seen, choice, now, settings)

    return shelf.revise(key, rule)
