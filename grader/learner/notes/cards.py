"""The cards of all notes, each question once; what a note gave is cached by its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

import orjson

from grader.base.cache import Cache
from grader.learner.model import Card
from grader.learner.notes.card_reader import read_cards, read_notebook_cards
from grader.learner.notes.folder import Notes
from grader.learner.notes.note import NoteKind

VERSION = "3"
"""Raise it when cards are read differently, so that cached ones are read again."""


@dataclass(frozen=True, slots=True)
class NoteCards:
    """The cards of all notes, each question once."""

    cards: tuple[Card, ...] = ()
    """In the order of the notes."""
    doubled: tuple[tuple[Card, Card], ...] = ()
    """Each card whose question has come before, with the earlier card, which is asked."""


def collect_cards(notes: Notes) -> NoteCards:
    """Collect the cards of all notes."""
    first: dict[str, Card] = {}
    doubled = []
    cache = Cache(notes.cache)
    for place, kind, source in notes.read_sources():
        for card in _read_cached(cache, place, kind, source):
            if card.id in first:
                doubled.append((card, first[card.id]))
            else:
                first[card.id] = card
    return NoteCards(tuple(first.values()), tuple(doubled))


def _read_cached(cache: Cache, place: str, kind: NoteKind, source: bytes) -> list[Card]:
    name = hashlib.sha256(source).hexdigest()
    if (cached := cache.get("cards", VERSION, place, name)) is not None:
        rows = orjson.loads(cached["cards"])
        return [Card(**{**row, "about": tuple(row["about"])}) for row in rows]
    text = source.decode("utf-8-sig", "replace")
    cards = read_notebook_cards(text, place) if kind == "notebook" else read_cards(text, place)
    rows = orjson.dumps([asdict(card) for card in cards]).decode()
    cache.put({"cards": rows}, "cards", VERSION, place, name)
    return cards
