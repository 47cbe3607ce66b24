"""What an exercise is tied to in the learner's own study: its cards, and the days of the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from grader.learner.entry_text import name_day
from grader.learner.model import Card
from grader.site.formatting import (
    escape_markdown,
    make_link,
    pluralize,
)
from grader.site.name_index import TargetKind
from grader.site.page_paths import locate_day, locate_exercise
from grader.site.pages.card_boxes import draw_card_state
from grader.site.site_data import SiteData

MAX_DAYS = 5
"""As many of the days that mention an exercise are named, the latest ones."""
MAX_CARDS = 10
"""As many of its cards are named."""

MentionDays = Mapping[tuple[TargetKind, str], tuple[date, ...]]


def group_cards(site: SiteData) -> dict[str, list[Card]]:
    """Return for each exercise the cards of the notes about it."""
    found: dict[str, list[Card]] = {}
    for card in site.deck.note_cards.cards if site.deck else ():
        for exercise in dict.fromkeys(card.about):
            found.setdefault(exercise, []).append(card)
    return found


def render_related_cards(site: SiteData, held: Sequence[Card], exercise: str) -> str:
    """Render the cards of the notes about an exercise, with their states; empty without any."""
    deck = site.deck
    if deck is None or not held:
        return ""
    here = locate_exercise(exercise)
    lines = [
        f"- {escape_markdown(card.question)} {draw_card_state(deck.get_state(card))}"
        for card in held[:MAX_CARDS]
    ]
    more = f"And {len(held) - MAX_CARDS} more. " if len(held) > MAX_CARDS else ""
    end = f"{more}`grade review {exercise}` asks them; {make_link('all cards', here, 'cards.md')}."
    return "\n\n".join(["## Cards", "\n".join(lines), end])


def render_related_days(days: MentionDays, exercise: str) -> str:
    """Render the days whose entries mention an exercise; empty without any."""
    held = days.get(("exercise", exercise), ())
    if not held:
        return ""
    here = locate_exercise(exercise)
    links = [f"- {make_link(name_day(day), here, locate_day(day))}" for day in held[:MAX_DAYS]]
    more = f"And {pluralize(len(held) - MAX_DAYS, 'earlier day')}." if len(held) > MAX_DAYS else ""
    return "\n\n".join(part for part in ("## In the log", "\n".join(links), more) if part)
