"""What an exercise is tied to in the learner's own study: its cards, and the days of the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from grader.journal import title
from grader.pages.cards import state_sign
from grader.pages.mentions import Kind
from grader.pages.places import day_page, exercise_page
from grader.pages.scene import Scene
from grader.pages.words import count, escape, to

DAYS = 5
"""As many of the days that mention an exercise are named, the latest ones."""
CARDS = 10
"""As many of its cards are named."""

Days = Mapping[tuple[Kind, str], tuple[date, ...]]


def cards(scene: Scene, exercise: str) -> str:
    """The cards of the notes about an exercise, each with its state; empty when there are none."""
    deck = scene.deck
    held = [card for card in deck.pile.cards if exercise in card.about] if deck else []
    if deck is None or not held:
        return ""
    here = exercise_page(exercise)
    lines = [f"- {escape(card.question)} {state_sign(deck.state(card))}" for card in held[:CARDS]]
    more = f"And {len(held) - CARDS} more. " if len(held) > CARDS else ""
    end = f"{more}`grade review {exercise}` asks them; [all cards]({to(here, 'cards.md')})."
    return "\n\n".join(["## Cards", "\n".join(lines), end])


def logged(days: Days, exercise: str) -> str:
    """The days whose entries mention an exercise; empty when there are none."""
    held = days.get(("exercise", exercise), ())
    if not held:
        return ""
    here = exercise_page(exercise)
    links = [f"- [{title(day)}]({to(here, day_page(day))})" for day in held[:DAYS]]
    more = f"And {count(len(held) - DAYS, 'earlier day')}." if len(held) > DAYS else ""
    return "\n\n".join(part for part in ("## In the log", "\n".join(links), more) if part)
