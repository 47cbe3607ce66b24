"""Everything that the pages show, read once and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from grader.base.paths import Workspace
from grader.course.model import Course
from grader.course.source.claims import Claim
from grader.course.source.contracts import Contract
from grader.grading.outcome import Attempt, Standing
from grader.learner import forecast
from grader.learner.journal import Entry, sum_logged
from grader.learner.model import ImportedClaim, MilestoneRecord, StudySpan
from grader.learner.notes import Note
from grader.learner.progress import Progress
from grader.learner.reading_list import Item
from grader.learner.settings import Settings
from grader.services.deck import Deck
from grader.services.site_owner import SiteOwner
from grader.services.submission import Submission
from grader.site.backlinks import Backlinks
from grader.site.share import Facts
from grader.site.tag_index import TagIndex


@dataclass(frozen=True, slots=True)
class SiteData:
    """The course, and how far one learner has come in it."""

    workspace: Workspace
    course: Course
    progress: Progress
    standings: Mapping[str, Standing] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    """In order of time."""
    spans: tuple[StudySpan, ...] = ()
    """Stretches of reviewing and reading, in order of time."""
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
    tags: TagIndex = field(default_factory=TagIndex)
    guides: Mapping[str, str] = field(default_factory=dict)
    """The project's hand-written pages, by file name."""
    imported_claims: tuple[ImportedClaim, ...] = ()
    """What imported journals say is done or planned."""
    milestones: Mapping[str, MilestoneRecord] = field(default_factory=dict)
    """What runs of milestones have shown; ``ID.last`` is the last run."""
    settings: Settings = field(default_factory=Settings)
    owner: SiteOwner = field(default_factory=SiteOwner)
    """Whose site it is, as the home page says it."""
    today: date = date(1970, 1, 1)
    """The learner's day."""
    problems: tuple[str, ...] = ()
    """What in the learner's folders could not be read, with its path and what to do."""
    references: Mapping[str, str] = field(default_factory=dict)
    """The reference of each exercise that is passed, or whose reference was shown."""
    solved: Mapping[str, Submission] = field(default_factory=dict)
    """The learner's own code of what they passed, where they chose to show it."""
    is_preview: bool = False
    """Whether only the owner sees the pages, as while serving: then they say what is wrong."""
    shared: Facts | None = None
    """What the share card tells; None while the settings name no address for the site."""

    readings: tuple[Item, ...] = ()
    """The reading list, the course's entries and the learner's own."""
    cards: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """For each objective that has cards, how many are known and how many there are."""

    note_titles: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    """The title of each note, by its place."""
    _tries: dict[str, list[Attempt]] = field(default_factory=dict, init=False, repr=False)
    _minutes: dict[date, float] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.note_titles.update((note.place, note.title) for note in self.notes)
        for attempt in self.attempts:
            self._tries.setdefault(attempt.exercise, []).append(attempt)

    def count_minutes(self) -> Mapping[date, float]:
        """Return the minutes of each day of study; they are counted once for all pages."""
        if not self._minutes:
            logged = sum_logged(self.entries)
            self._minutes.update(forecast.count_study_minutes(self.attempts, logged, self.spans))
        return self._minutes

    def list_attempts(self, exercise: str) -> list[Attempt]:
        """List the attempts at one exercise, in order of time."""
        return self._tries.get(exercise, [])
