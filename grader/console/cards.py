"""Cards in the terminal: what is asked, what is due when, and ``--json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from grader import review
from grader.console import verdict
from grader.console.machine import SCHEMA
from grader.console.overview import counted
from grader.console.paint import paint, say, say_all, terminal_width, wrapped
from grader.console.prose import prose, spoken
from grader.course import Exercise
from grader.harmless import harmless
from grader.journal import title
from grader.learner import Card, Recall
from grader.outcome import Outcome
from grader.practice.recall import Deck
from grader.review import Choice, State

SIGNS: dict[State, tuple[str, str]] = {
    "new": ("[ ]", "plain"),
    "due": ("[!]", "odd"),
    "learning": ("[/]", "plain"),
    "known": ("[x]", "good"),
}
HOW = (
    "Cards are questions in your notes (docs/notes): a callout",
    "    > [!question]- What does softmax do?",
    "    > It turns scores into probabilities.",
    "or a table of two columns headed Question and Answer.",
)


def when(day: date, today: date) -> str:
    """A day as seen from today: ``tomorrow``, ``in 5 days``, or its date."""
    days = (day - today).days
    if days <= 0:
        return "today"
    if days == 1:
        return "tomorrow"
    return f"in {days} days" if days < 14 else f"on {title(day).partition(', ')[2]}"


def question(card: Card, left: int, new: bool) -> None:
    """Ask."""
    where = harmless(f"{card.place}:{card.line}", 200)
    about = f"  {harmless(', '.join(card.about), 100)}" if card.about else ""
    tail = f"  {'new, ' if new else ''}{left} left"
    say()
    gap = "" if len(where + about + tail) <= terminal_width() else "\n"
    say(f"{paint(where, 'name')}{gap}{paint(wrapped(about + tail), 'faint')}")
    say_all(paint(line, "strong") for line in wrapped(spoken(card.question)).splitlines())


def answer(card: Card) -> None:
    """The answer, indented under its question."""
    say()
    say_all(f"  {line}".rstrip() for line in prose(card.answer))
    say()


def choices(days: Mapping[Choice, date], today: date) -> None:
    """The four answers with the day that each leads to, in one line where there is room."""
    told = [f"{n} {name}: {when(day, today)}" for n, (name, day) in enumerate(days.items(), 1)]
    line = "   ".join(told)
    say_all([line] if len(line) <= terminal_width() else told)


def exercise(chosen: Exercise, days: int) -> None:
    """That an exercise is due to be solved again."""
    say()
    since = f"  due for {days} days" if days > 0 else "  due"
    say(f"{paint(chosen.id, 'name')}  {paint(chosen.title, 'strong')}{paint(since, 'faint')}")
    say(wrapped(f"Solve it again, from an empty stub. {chosen.summary}"))


def verdict_of(outcome: Outcome) -> None:
    """What grading a copy found."""
    say(verdict.headline(outcome))
    if outcome.verdict in ("error", "grader_error"):
        say_all(verdict.trouble(outcome))
    else:
        say_all(verdict.claim(check) for check in outcome.checks)
    if outcome.verdict == "failed":
        say()
        say_all(verdict.failure(outcome))


def ended(asked: int, deck: Deck) -> None:
    """After a sitting: how many were answered, and when the next one comes."""
    say()
    if asked:
        say(f"{counted(asked, 0)} answered.")
    turn = deck.turn()
    if turn.due or turn.new:
        say(wrapped(f"{counted(len(turn.due) + len(turn.new), 0)} left for today: grade review"))
    else:
        nothing(deck)


def nothing(deck: Deck) -> None:
    """That nothing is due, when the next card comes, or how there come to be any."""
    if not deck.pile.cards and not deck.exercises:
        say("There are no cards yet.")
        say_all(HOW)
        return
    held = deck.turn().held_back
    if held:
        most = deck.settings.new_cards
        say(wrapped(f"{held} new wait: {most} a day are asked (new_cards in the settings)."))
    day = deck.next_day()
    if day is not None:
        told = f"The next comes {when(day, deck.today)}, {title(day)}."
        say(wrapped(f"Nothing more is due today. {told}"))
    elif not held:
        say("Nothing is due.")


def doubled(deck: Deck) -> None:
    """The questions that stand twice."""
    for card, first in deck.pile.doubled:
        told = f"{card.place}:{card.line} asks what {first.place}:{first.line} asks already; "
        told = harmless(f"{told}word it differently to be asked both.")
        say(paint(wrapped(told, "  ", ""), "faint"))


def listing(deck: Deck) -> None:
    """Every card and passed exercise with its state and the day on which it is due."""
    for card in _by_day(deck):
        recall = deck.recalls.get(card.id)
        _row(deck, recall, spoken(card.question), f"{card.place}:{card.line}")
    for key, recall in sorted(deck.exercises.items(), key=lambda e: (e[1].due, e[0])):
        name = key.removeprefix(review.EXERCISE)
        _row(deck, recall, f"solve {name} again", f"grade review {name}")
    doubled(deck)
    turn = deck.turn()
    say()
    due = counted(len(turn.due), len(deck.lapsed())) or "nothing"
    later = f", {turn.held_back} new later" if turn.held_back else ""
    say(f"{due} due, {len(turn.new)} new today{later}")
    say(paint("[!] due  [ ] new  [/] learning  [x] known for a week or more", "faint"))


def _by_day(deck: Deck) -> list[Card]:
    """The cards in the order in which they are due; the new ones, in their own, at the end."""

    def order(card: Card) -> tuple[bool, date]:
        recall = deck.recalls.get(card.id)
        return (recall is None, review.due_day(recall, deck.settings) if recall else date.max)

    return sorted(deck.pile.cards, key=order)


def _row(deck: Deck, recall: Recall | None, asks: str, where: str) -> None:
    state = review.state_of(recall, deck.today, deck.settings)
    sign, kind = SIGNS[state]
    day = when(review.due_day(recall, deck.settings), deck.today) if recall else "new"
    room = max(20, terminal_width() - 26 - len(where))
    asks = asks if len(asks) <= room else f"{asks[: room - 1]}…"
    say(f"{paint(sign, kind)} {day:<18} {asks}  {paint(harmless(where, 200), 'faint')}")


def machine(deck: Deck) -> str:
    """What ``grade review --json`` prints, as docs/json.md describes it."""
    turn, day = deck.turn(), deck.next_day()
    said = {
        "schema": SCHEMA,
        "day": deck.today.isoformat(),
        "due": len(turn.due),
        "new": len(turn.new),
        "next": day.isoformat() if day else None,
        "cards": [_card(deck, card) for card in deck.pile.cards],
        "exercises": [
            {"exercise": key.removeprefix(review.EXERCISE), **_told(deck, recall)}
            for key, recall in deck.exercises.items()
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _card(deck: Deck, card: Card) -> dict[str, object]:
    return {
        "id": card.id,
        "question": card.question,
        "note": card.place,
        "line": card.line,
        "about": list(card.about),
        **_told(deck, deck.recalls.get(card.id)),
    }


def _told(deck: Deck, recall: Recall | None) -> dict[str, object]:
    state = review.state_of(recall, deck.today, deck.settings)
    if recall is None:
        return {"state": state, "due": None, "reviews": 0, "lapses": 0, "retention": None}
    return {
        "state": state,
        "due": review.due_day(recall, deck.settings).isoformat(),
        "reviews": recall.reviews,
        "lapses": recall.lapses,
        "retention": round(review.retention(recall, deck.today, deck.settings), 3),
    }
