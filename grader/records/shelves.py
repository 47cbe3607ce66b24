"""The small files beside the attempts, one table each; loaded only by what needs them."""

from __future__ import annotations

from pathlib import Path

from grader.learner import Again, Reading, Recall, Said, Taken
from grader.records.kinds import Kind, numbered
from grader.records.shelf import Shelf


def cards(folder: Path) -> Shelf[Recall]:
    """The cards' schedules, by card."""
    return Shelf(folder, "cards", Recall, CARDS)


def again(folder: Path) -> Shelf[Again]:
    """The exercises that are or were solved again, by exercise."""
    return Shelf(folder, "again", Again, AGAIN)


def readings(folder: Path) -> Shelf[Reading]:
    """Where the learner is with each reading, by its id, and their own entries."""
    return Shelf(folder, "readings", Reading, READINGS)


def claims(folder: Path) -> Shelf[Said]:
    """What is said to be done, by a hash of where it came from."""
    return Shelf(folder, "claims", Said, CLAIMS)


def imports(folder: Path) -> Shelf[Taken]:
    """What imports took over, by a hash of what it was."""
    return Shelf(folder, "imports", Taken, IMPORTS)


def later_review(one: Recall, other: Recall) -> Recall:
    """The account of a card that was reviewed last."""
    return max(one, other, key=lambda recall: (recall.last_review, recall.reviews))


def later_beginning(one: Again, other: Again) -> Again:
    """The account of an exercise that was begun again last, and of it the one further on."""
    return max(one, other, key=lambda again: (again.began, again.ended, again.failures))


def later_reading(one: Reading, other: Reading) -> Reading:
    """The account of a reading that was changed last."""
    return max(one, other, key=lambda reading: reading.changed_at)


CARDS = Kind({"cards": Recall}, (numbered,), {"cards": later_review})
AGAIN = Kind({"again": Again}, (numbered,), {"again": later_beginning})
READINGS = Kind({"readings": Reading}, (numbered,), {"readings": later_reading})
CLAIMS = Kind({"claims": Said}, (numbered,))
IMPORTS = Kind({"imports": Taken}, (numbered,))
