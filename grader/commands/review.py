"""``grade review``: the cards that are due, one by one, and exercises to solve again."""

from __future__ import annotations

from pathlib import Path

import click

from grader import progress
from grader.commands.names import complete, desk
from grader.commands.sitting import Sitting
from grader.console import cards
from grader.console.overview import counted
from grader.console.paint import complain, say
from grader.errors import UsageError
from grader.learner import Card
from grader.practice import Desk
from grader.practice.assist import write_whole
from grader.practice.recall import Deck


@click.command()
@click.argument("name", required=False, metavar="[NOTE | EXERCISE]", shell_complete=complete)
@click.option("--list", "listed", is_flag=True, help="Every card, and when it is due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
@click.option("--anki", type=click.Path(path_type=Path), help="Write the cards for Anki.")
@click.option("--force", is_flag=True, help="With --anki: write over a file that is there.")
def review(name: str | None, listed: bool, as_json: bool, anki: Path | None, force: bool) -> None:
    """The cards that are due, one by one; of one note or about one exercise if named.

    Cards are the questions in your notes: callouts (> [!question]- ...) and tables headed
    Question and Answer. Each answer is kept at once, so stop whenever you like.
    """
    at = desk()
    deck = Deck.of(at)
    if name is not None:
        deck = _limited(at, deck, name)
    for warning in (*deck.warnings, *at.records.warnings):
        complain(f"records: {warning}")
    if as_json:
        say(cards.machine(deck))
    elif anki is not None:
        _export(deck, anki, force)
    elif listed:
        cards.listing(deck)
    else:
        Sitting(at, deck, named=name is not None).hold()


def _limited(at: Desk, deck: Deck, name: str) -> Deck:
    """The cards of one note or folder of notes, or about an exercise or a unit."""
    try:
        exercises = {exercise.id for exercise in at.find((name,))}
    except UsageError:
        exercises = set()
    kept = [c for c in deck.pile.cards if exercises & {*c.about} or _stands_in(c, name)]
    if not kept and not exercises:
        known = [*{c.place for c in deck.pile.cards}, *(e.id for e in at.course.exercises())]
        close = progress.near(name, known)
        meant = f"did you mean {' or '.join(close)}?" if close else "grade review --list shows all."
        raise UsageError(f"no exercise and no note with cards is called {name!r}; {meant}")
    return deck.limited(at, kept, exercises)


def _stands_in(card: Card, name: str) -> bool:
    place = name.replace("\\", "/").removeprefix("./").removeprefix("docs/notes/").rstrip("/")
    stem = card.place.rpartition(".")[0]
    return place in (card.place, stem) or card.place.startswith(f"{place}/")


def _export(deck: Deck, path: Path, force: bool) -> None:
    from grader.notes.anki import anki

    if not deck.pile.cards:
        raise UsageError("there are no cards to write; grade review says how to make some.")
    if path.exists() and not force:
        raise UsageError(f"{path} is there already; name another file, or add --force.")
    try:
        write_whole(path, anki(deck.pile.cards))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    say(f"{counted(len(deck.pile.cards), 0)} written to {path}. In Anki: File, Import.")
