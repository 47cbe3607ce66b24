"""Everything that the pages show, read once and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from grader.course import Course
from grader.journal import Entry
from grader.learner import Said
from grader.notes import Note
from grader.outcome import Attempt, Standing
from grader.pages.backlinks import Backlinks
from grader.practice.recall import Deck
from grader.progress import Progress
from grader.readinglist import Item
from grader.settings import Settings
from grader.sharing import Facts
from grader.surgery import Claim
from grader.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Contract:
    """What the learner's function or class is held to: its signature and docstring."""

    signature: str
    docstring: str


@dataclass(frozen=True, slots=True)
class Scene:
    """The course, and how far one learner has come in it."""

    workspace: Workspace
    course: Course
    progress: Progress
    standings: Mapping[str, Standing] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    """In order of time."""
    lessons: Mapping[str, str] = field(default_factory=dict)
    contracts: Mapping[str, tuple[Contract, ...]] = field(default_factory=dict)
    claims: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    mistakes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each exercise what its mistakes say, by their names."""
    entries: tuple[Entry, ...] = ()
    """Newest first."""
    notes: tuple[Note, ...] = ()
    deck: Deck | None = None
    """The cards of the notes and the exercises to solve again, with their schedules."""
    backlinks: Backlinks = field(default_factory=Backlinks)
    guides: Mapping[str, str] = field(default_factory=dict)
    """The project's hand-written pages, by file name."""
    said: tuple[Said, ...] = ()
    """What journals that were brought along say is done or planned."""
    settings: Settings = field(default_factory=Settings)
    today: date = date(1970, 1, 1)
    """The learner's day."""
    problems: tuple[str, ...] = ()
    """What in the learner's folders could not be read, with its path and what to do."""
    shared: Facts | None = None
    """What the share card tells; None while the settings name no address for the site."""

    readings: tuple[Item, ...] = ()
    """The reading list, the course's entries and the learner's own."""
    cards: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """For each objective that has cards, how many are known and how many there are."""

    def tried(self, exercise: str) -> list[Attempt]:
        """The attempts at one exercise, in order of time."""
        return [attempt for attempt in self.attempts if attempt.exercise == exercise]
