"""``grade review``: the cards that are due, one by one, and exercises to solve again."""

from __future__ import annotations

from pathlib import Path

import click

from grader.base.errors import UsageError
from grader.base.files import write_file
from grader.cli.commands.arguments import complete, open_session
from grader.cli.commands.review_cards import CardReview
from grader.cli.commands.review_exercises import ExerciseReview
from grader.cli.console import card_list, cards
from grader.cli.console.keyboard import Keyboard
from grader.cli.console.overview import count_in_words
from grader.cli.console.terminal import complain, say, say_exactly
from grader.learner import progress
from grader.learner.model import Card
from grader.services.deck import Deck
from grader.services.session import Session


@click.command()
@click.argument("name", required=False, metavar="[NOTE | EXERCISE]", shell_complete=complete)
@click.option("--list", "listed", is_flag=True, help="Every card, and when it is due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
@click.option("--anki", type=click.Path(path_type=Path), help="Write the cards for Anki.")
@click.option("--force", is_flag=True, help="With --anki: overwrite an existing file.")
def review(name: str | None, listed: bool, as_json: bool, anki: Path | None, force: bool) -> None:
    """Ask the cards that are due, one by one; with a name, those of one note or exercise.

    Cards are the questions in your notes: callouts (> [!question]- ...) and tables headed
    Question and Answer. Each answer is saved at once, so stop whenever you like.
    """
    session = open_session()
    deck = Deck.read(session)
    if name is not None:
        deck = _limit(session, deck, name)
    for warning in (*deck.warnings, *session.records.warnings):
        complain(f"records: {warning}")
    if as_json:
        say_exactly(card_list.format_json(deck))
    elif anki is not None:
        _export(deck, anki, force)
    elif listed:
        card_list.show_list(deck)
    else:
        _review(session, deck, named=name is not None)


def _review(session: Session, deck: Deck, named: bool) -> None:
    """Ask until all is asked or the learner quits; then say what is left."""
    keyboard = Keyboard()
    card_review = CardReview(session, deck, keyboard)
    exercise_review = ExerciseReview(session, deck, keyboard, named)
    # Who names an exercise whose copy is under way means the copy more than its cards.
    copies_first = named and exercise_review.list_begun()
    parts = [card_review.run, exercise_review.run]
    with keyboard:
        for part in reversed(parts) if copies_first else parts:
            if part() == "quit":
                break
    left = deck.refresh(session)
    cards.show_end(card_review.answered, left)
    card_list.show_doubled(left)


def _limit(session: Session, deck: Deck, name: str) -> Deck:
    """Return the cards of one note or folder of notes, or about an exercise or a unit."""
    try:
        exercises = {exercise.id for exercise in session.find((name,))}
    except UsageError:
        exercises = set()
    kept = [c for c in deck.note_cards.cards if exercises & {*c.about} or _is_in(c, name)]
    if not kept and not exercises:
        known = [
            *{c.place for c in deck.note_cards.cards},
            *(e.id for e in session.course.iterate_exercises()),
        ]
        close = progress.find_similar(name, known)
        meant = f"did you mean {' or '.join(close)}?" if close else "grade review --list shows all."
        raise UsageError(f"no exercise and no note with cards is called {name!r}; {meant}")
    return deck.limit(session, kept, exercises)


def _is_in(card: Card, name: str) -> bool:
    place = name.replace("\\", "/").removeprefix("./").removeprefix("docs/notes/").rstrip("/")
    stem = card.place.rpartition(".")[0]
    return place in (card.place, stem) or card.place.startswith(f"{place}/")


def _export(deck: Deck, path: Path, force: bool) -> None:
    from grader.learner.notes.anki import format_anki_file

    if not deck.note_cards.cards:
        raise UsageError("there are no cards to write; grade review says how to make some.")
    if path.exists() and not force:
        raise UsageError(f"{path} already exists; name another file, or add --force.")
    try:
        write_file(path, format_anki_file(deck.note_cards.cards))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    say(
        f"{count_in_words(len(deck.note_cards.cards), 0)} written to {path}. In Anki: File, Import."
    )
