"""Cards in the terminal: the question, the answer, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from grader.base.printable import sanitize
from grader.cli.console import verdict
from grader.cli.console.markdown import render_markdown, strip_markdown
from grader.cli.console.overview import count_in_words
from grader.cli.console.terminal import (
    count_noun,
    get_terminal_width,
    paint,
    paint_words,
    say,
    say_all,
    set_columns,
    wrap,
)
from grader.course.model import Exercise
from grader.grading.outcome import Outcome
from grader.learner.entry_text import name_day
from grader.learner.model import Card
from grader.learner.spaced_repetition import Choice
from grader.services.deck import Deck

HOW = (
    "Cards are questions in your notes (docs/notes): a callout",
    "    > [!question]- What does softmax do?",
    "    > It turns logits into probabilities.",
    "or a table of two columns headed Question and Answer.",
)


def format_day(day: date, today: date) -> str:
    """Return a day as seen from today: ``tomorrow``, ``in 5 days``, or its date."""
    days = (day - today).days
    if days <= 0:
        return "today"
    if days == 1:
        return "tomorrow"
    return f"in {days} days" if days < 14 else f"on {name_day(day).partition(', ')[2]}"


def show_question(card: Card, left: int, new: bool) -> None:
    """Show what is asked."""
    where = sanitize(f"{card.place}:{card.line}", 200)
    about = f"  {sanitize(', '.join(card.about), 100)}" if card.about else ""
    tail = f"  {'new, ' if new else ''}{left} left"
    say()
    say(f"{paint(where, 'name')}{paint_words(about + tail, 'faint')}")
    say_all(paint(line, "strong") for line in wrap(strip_markdown(card.question)).splitlines())


def show_answer(card: Card) -> None:
    """Show the answer, indented under its question."""
    say()
    with set_columns(get_terminal_width() - 2):
        lines = render_markdown(card.answer)
    say_all(f"  {line}".rstrip() for line in lines)
    say()


def show_choices(days: Mapping[Choice, date], today: date) -> None:
    """Show the four answers with the day that each leads to, in one line where there is room."""
    texts = [
        f"{n} {name}: {format_day(day, today)}" for n, (name, day) in enumerate(days.items(), 1)
    ]
    line = "   ".join(texts)
    say_all([line] if len(line) <= get_terminal_width() else texts)


def show_exercise(chosen: Exercise, days: int) -> None:
    """Show that an exercise is due to be solved again."""
    say()
    since = f"  due for {count_noun(days, 'day')}" if days > 0 else "  due"
    say(f"{paint(chosen.id, 'name')}  {paint(chosen.title, 'strong')}{paint(since, 'faint')}")
    say(wrap(f"Solve it again, from an empty stub. {chosen.summary}"))


def show_verdict(outcome: Outcome) -> None:
    """Show what grading a copy found."""
    say(verdict.format_headline(outcome))
    if outcome.verdict in ("error", "grader_error"):
        say_all(verdict.format_trouble(outcome))
    else:
        say_all(verdict.format_claim(check) for check in outcome.checks)
    if outcome.verdict == "failed":
        say()
        say_all(verdict.format_failure(outcome))


def show_end(asked: int, deck: Deck) -> None:
    """Show how many were answered, and when the next one comes."""
    say()
    if asked:
        say(f"{count_in_words(asked, 0)} answered.")
    turn = deck.plan_today()
    if turn.due or turn.new:
        left = count_in_words(len(turn.due) + len(turn.new), 0)
        say(wrap(f"{left} left for today: grade review"))
    else:
        show_nothing_due(deck)


def show_nothing_due(deck: Deck) -> None:
    """Show that nothing is due, when the next card comes, or how there come to be any."""
    if not deck.note_cards.cards and not deck.exercises:
        say("There are no cards yet.")
        say_all(HOW)
        return
    held = deck.plan_today().held_back
    if held:
        most = deck.settings.new_cards
        more = f"{held} more new card{'s' * (held != 1)}"
        say(wrap(f"{more}: {most} a day are asked (new_cards in the settings)."))
    day = deck.find_next_day()
    if day is not None:
        when = format_day(day, deck.today)
        when = when if when.startswith("on ") else f"{when}, {name_day(day)}"
        say(wrap(f"Nothing more is due today. The next comes {when}."))
    elif not held:
        say("Nothing is due.")
