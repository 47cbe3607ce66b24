"""Cards in the terminal as a list, with the day on which each is due, and as JSON."""

from __future__ import annotations

from datetime import date

from grader.base.printable import sanitize
from grader.cli.console.cards import format_day
from grader.cli.console.json_output import SCHEMA, dump_json
from grader.cli.console.markdown import strip_markdown
from grader.cli.console.overview import count_in_words
from grader.cli.console.terminal import format_entry, paint, say, shorten, wrap
from grader.learner import spaced_repetition
from grader.learner.model import Card, CardSchedule
from grader.learner.spaced_repetition import CardState
from grader.learner.states import CARDS
from grader.services.deck import Deck

LONGEST = 300
"""Characters of a question that a list shows."""
_LEGEND: tuple[CardState, ...] = ("due", "new", "learning", "known")


def show_doubled(deck: Deck) -> None:
    """Show the questions that occur twice."""
    for card, first in deck.note_cards.doubled:
        remark = f"{card.place}:{card.line} has the same question as {first.place}:{first.line}; "
        remark = sanitize(f"{remark}change its words to be asked both.")
        say(paint(wrap(remark, "  ", ""), "faint"))


def show_list(deck: Deck) -> None:
    """Show every card and passed exercise with its state and the day on which it is due."""
    rows = [
        (deck.recalls.get(card.id), strip_markdown(card.question), f"{card.place}:{card.line}")
        for card in _sort_by_day(deck)
    ]
    for key, recall in sorted(deck.exercises.items(), key=lambda e: (e[1].due, e[0])):
        name = key.removeprefix(spaced_repetition.EXERCISE)
        rows.append((recall, f"solve {name} again", f"grade review {name}"))
    days = [_format_due(deck, schedule) for schedule, _, _ in rows]
    column = max(map(len, days), default=0)
    for (schedule, asks, where), day in zip(rows, days, strict=True):
        sign = CARDS[spaced_repetition.find_state(schedule, deck.today, deck.settings)]
        box = paint(sign.box, sign.tint)
        say(format_entry(box, day, column, shorten(asks, LONGEST), sanitize(where, 200)))
    show_doubled(deck)
    turn = deck.plan_today()
    say()
    due = count_in_words(len(turn.due), len(deck.list_lapsed())) or "nothing"
    later = f", {turn.held_back} new later" if turn.held_back else ""
    say(f"{due} due, {len(turn.new)} new today{later}")
    legend = "  ".join(f"{CARDS[state].box} {CARDS[state].word}" for state in _LEGEND)
    say(paint(f"{legend} for a week or more", "faint"))


def _format_due(deck: Deck, recall: CardSchedule | None) -> str:
    """Return the day on which a card is due; ``new`` for one that was never asked."""
    if recall is None:
        return "new"
    return format_day(spaced_repetition.find_due_day(recall, deck.settings), deck.today)


def _sort_by_day(deck: Deck) -> list[Card]:
    """Return the cards in the order in which they are due; new ones follow in their own."""

    def order(card: Card) -> tuple[bool, date]:
        recall = deck.recalls.get(card.id)
        if recall is None:
            return True, date.max
        return False, spaced_repetition.find_due_day(recall, deck.settings)

    return sorted(deck.note_cards.cards, key=order)


def format_json(deck: Deck) -> str:
    """Return what ``grade review --json`` prints, as docs/json.md describes it."""
    turn, day = deck.plan_today(), deck.find_next_day()
    data = {
        "schema": SCHEMA,
        "day": deck.today.isoformat(),
        "due": len(turn.due),
        "new": len(turn.new),
        "next": day.isoformat() if day else None,
        "cards": [_build_card(deck, card) for card in deck.note_cards.cards],
        "exercises": [
            {
                "exercise": key.removeprefix(spaced_repetition.EXERCISE),
                **_build_schedule(deck, recall),
            }
            for key, recall in deck.exercises.items()
        ],
    }
    return dump_json(data)


def _build_card(deck: Deck, card: Card) -> dict[str, object]:
    return {
        "id": card.id,
        "question": card.question,
        "note": card.place,
        "line": card.line,
        "about": list(card.about),
        **_build_schedule(deck, deck.recalls.get(card.id)),
    }


def _build_schedule(deck: Deck, recall: CardSchedule | None) -> dict[str, object]:
    state = spaced_repetition.find_state(recall, deck.today, deck.settings)
    if recall is None:
        return {"state": state, "due": None, "reviews": 0, "lapses": 0, "retention": None}
    return {
        "state": state,
        "due": spaced_repetition.find_due_day(recall, deck.settings).isoformat(),
        "reviews": recall.reviews,
        "lapses": recall.lapses,
        "retention": round(spaced_repetition.estimate_recall(recall, deck.today, deck.settings), 3),
    }
