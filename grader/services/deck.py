"""The cards of the notes: what is asked today, and what an answer leaves behind."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from grader.base import clock
from grader.base.errors import UsageError
from grader.base.files import write_file
from grader.course.model import Course
from grader.learner import spaced_repetition
from grader.learner.model import Card, CardSchedule
from grader.learner.notes import Notes
from grader.learner.notes.cards import NoteCards, collect_cards
from grader.learner.records import tables
from grader.learner.records.table import RecordTable
from grader.learner.settings import Settings
from grader.services.session import Session


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards and the passed exercises, with their schedules, as read once."""

    note_cards: NoteCards
    recalls: Mapping[str, CardSchedule]
    """The schedules of cards that were asked, by card."""
    exercises: Mapping[str, CardSchedule]
    """The schedules of passed exercises, by ``exercise:`` and their id."""
    settings: Settings
    today: date
    warnings: tuple[str, ...] = ()

    @classmethod
    def read(cls, session: Session) -> Deck:
        """Read all cards of the notes, and all passed exercises."""
        names = [exercise.id for exercise in session.course.iterate_exercises()]
        return _make_deck(session, read_cards(session), names)

    def limit(self, session: Session, cards: Iterable[Card], exercises: Iterable[str]) -> Deck:
        """Return the same with these cards and exercises only."""
        kept = tuple(cards)
        ids = {card.id for card in kept}
        doubled = tuple(pair for pair in self.note_cards.doubled if pair[0].id in ids)
        return _make_deck(session, NoteCards(kept, doubled), exercises)

    def refresh(self, session: Session) -> Deck:
        """Return the same cards and exercises, with their schedules as they are now."""
        return _make_deck(
            session,
            self.note_cards,
            [key.removeprefix(spaced_repetition.EXERCISE) for key in self.exercises],
        )

    def count_by_objective(self, course: Course) -> dict[str, tuple[int, int]]:
        """Return for each objective with cards how many are known and how many there are."""
        serves = {exercise.id: exercise.objectives for exercise in course.iterate_exercises()}
        counts: dict[str, tuple[int, int]] = {}
        for card in self.note_cards.cards:
            known = self.get_state(card) == "known"
            for name in dict.fromkeys(o for about in card.about for o in serves.get(about, ())):
                before = counts.get(name, (0, 0))
                counts[name] = (before[0] + known, before[1] + 1)
        return counts

    def get_state(self, card: Card) -> spaced_repetition.CardState:
        """Return where the learner is with a card."""
        return spaced_repetition.find_state(self.recalls.get(card.id), self.today, self.settings)

    def plan_today(self) -> spaced_repetition.DayPlan:
        """Return the cards to ask today."""
        ids = [card.id for card in self.note_cards.cards]
        return spaced_repetition.plan_day(ids, self.recalls, self.today, self.settings)

    def list_lapsed(self) -> list[str]:
        """Return the exercises that are due to be solved again, the longest due first."""
        due = {
            key: spaced_repetition.find_due_day(r, self.settings)
            for key, r in self.exercises.items()
        }
        late = sorted((day, key) for key, day in due.items() if day <= self.today)
        return [key.removeprefix(spaced_repetition.EXERCISE) for _, key in late]

    def find_next_day(self) -> date | None:
        """Return the next day on which a card or an exercise is due."""
        held = [self.recalls[c.id] for c in self.note_cards.cards if c.id in self.recalls]
        return spaced_repetition.find_next_day(
            [*held, *self.exercises.values()], self.today, self.settings
        )


def _make_deck(session: Session, cards: NoteCards, exercises: Iterable[str]) -> Deck:
    table = tables.open_cards(session.workspace.progress)
    kept, settings = table.read_all(), session.read_settings()
    return Deck(
        cards,
        {
            key: recall
            for key, recall in kept.items()
            if not key.startswith(spaced_repetition.EXERCISE)
        },
        spaced_repetition.schedule_exercises(session.records.read_standings(), kept, exercises),
        settings,
        settings.find_day(clock.get_now()),
        tuple(table.warnings),
    )


def read_cards(session: Session) -> NoteCards:
    """Return the cards of the notes, and keep a list of them for commands that read no notes."""
    workspace = session.workspace
    found = collect_cards(Notes(workspace.notes, workspace.cache))
    text = json.dumps(sorted(card.id for card in found.cards))
    with contextlib.suppress(OSError):
        if not workspace.card_ids.is_file() or workspace.card_ids.read_text("utf-8") != text:
            write_file(workspace.card_ids, text, sync=False)
    names = {name for card in found.cards for name in card.about}
    ids = {name: _find_exercises(session, name) for name in names}
    return NoteCards(tuple(_resolve_about(card, ids) for card in found.cards), found.doubled)


def _resolve_about(card: Card, ids: Mapping[str, list[str]]) -> Card:
    """Return the card with its exercises by their ids; a name that is no exercise's is left out."""
    about = dict.fromkeys(id for name in card.about for id in ids[name])
    return replace(card, about=tuple(about))


def _find_exercises(session: Session, name: str) -> list[str]:
    try:
        return [exercise.id for exercise in session.find((name,))]
    except UsageError:
        return []


def record_answer(
    table: RecordTable[CardSchedule],
    key: str,
    seen: CardSchedule | None,
    choice: spaced_repetition.Choice,
    now: datetime,
    settings: Settings,
) -> CardSchedule | None:
    """Keep an answer: it is on disk when this returns.

    None when the card was answered elsewhere since it was seen: that answer stands.
    """

    def update(kept: CardSchedule | None) -> CardSchedule | None:
        if kept is not None and kept != seen:
            return None
        return spaced_repetition.grade_card(seen, choice, now, settings)

    return table.revise(key, update)
