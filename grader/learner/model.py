"""What a learner keeps beside attempts: cards, schedules, readings, what an import took over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ReadingState = Literal["inbox", "next", "reading", "done"]
ScheduleState = Literal["learning", "review", "relearning"]


@dataclass(frozen=True, slots=True)
class CardSchedule:
    """How well one card is remembered, as the scheduler left it. A card never reviewed has none."""

    due: str
    """UTC, ISO 8601 with seconds."""
    last_review: str
    """UTC, ISO 8601 with seconds."""
    state: ScheduleState
    stability: float
    difficulty: float
    step: int | None = None
    reviews: int = 1
    lapses: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A question of the learner's with its answer, from one of their notes."""

    id: str
    """From the question's words, so that it outlives an edited answer and a move."""
    question: str
    """Markdown, in one line."""
    answer: str
    """Markdown."""
    place: str
    """The note it stands in, below the notes' folder."""
    line: int
    """Its line there; in a notebook the number of its cell."""
    about: tuple[str, ...] = ()
    """The exercises that the note says it is about, whose objectives it counts towards."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """An exercise that is solved again in a copy, from an empty stub."""

    began: str
    """UTC, ISO 8601 with seconds."""
    failures: int = 0
    """Gradings of the copy that did not pass."""
    ended: str = ""
    """UTC, ISO 8601 with seconds; empty while it is under way."""


@dataclass(frozen=True, slots=True)
class StudySpan:
    """A stretch of reviewing and reading on one day, without a long break, and what was done."""

    day: str
    """The learner's local date, ``2026-11-22``."""
    began: str
    """UTC, ISO 8601 with seconds."""
    ended: str
    """UTC, ISO 8601 with seconds: when the last of it was done."""
    cards: int = 0
    """Answers to cards."""
    repeats: int = 0
    """Gradings of exercises that are solved again, and those given up."""
    readings: int = 0
    """Readings that were begun or done."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the learner is with one entry of the reading list, and the entry if it is their own."""

    state: ReadingState
    day: str
    """The learner's local date of the last change, ``2026-11-22``."""
    changed_at: str
    """UTC, ISO 8601 with seconds: the later change wins when clones are merged."""
    title: str = ""
    """Of a learner's own entry; empty for one of the course's."""
    url: str = ""
    kind: str = ""
    authors: str = ""
    year: int | None = None
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedClaim:
    """A claim of an imported journal that something is done: shown as such, never as passed."""

    text: str
    """In the learner's words, such as ``Attention Mechanism``."""
    done: bool
    source: str
    """File and line that it came from, ``README.md:41``."""
    day: str
    """The learner's local date on which it was imported."""
    detail: str = ""
    units: tuple[str, ...] = ()
    """Units of the course that it speaks of."""
    heading: str = ""
    """The words of the heading that it stands below in the journal."""


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """Something that an import took over, so that a second import does not add it again."""

    source: str
    """File and line that it came from."""
    place: str
    """Where it went: a path in the workspace, or ``readings``, ``claims``."""
    day: str
    words: str = ""
    """A hash of its words; empty for a row from before there was one."""


@dataclass(frozen=True, slots=True)
class MilestoneRecord:
    """What a run of a milestone has shown, and on whose code."""

    began: str
    """UTC, ISO 8601 with seconds."""
    at: str
    """UTC, ISO 8601 with seconds: when this was last written. The later row wins a merge."""
    day: str
    """The learner's local date on which the run began, ``2026-11-22``."""
    reached: bool
    """Whether it showed what the milestone asks for, on the learner's own code."""
    why: str = ""
    """What it showed, in a sentence."""
    reached_day: str = ""
    """The local date on which the milestone was first reached; never taken back."""
    settings: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    """Of each exercise that ran: ``yours`` or ``reference``, and the SHA-256 of the file."""
    figures: dict[str, float] = field(default_factory=dict)
    curve: tuple[dict[str, float], ...] = ()
    """The evaluations in order: step, seconds, train and valid (nats per character)."""
    samples: dict[str, str] = field(default_factory=dict)
    """What the model wrote, by the step at which it did."""
