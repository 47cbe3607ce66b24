"""The small files beside the attempts, one table each; loaded only by what needs them."""

from __future__ import annotations

from pathlib import Path

from grader.learner.model import (
    CardSchedule,
    ImportedClaim,
    ImportedItem,
    MilestoneRecord,
    Reading,
    Repeat,
    StudySpan,
)
from grader.learner.records.schemas import Schema, add_version
from grader.learner.records.table import RecordTable


def open_cards(folder: Path) -> RecordTable[CardSchedule]:
    """Open the cards' schedules, by card."""
    return RecordTable(folder, "cards", CardSchedule, CARDS)


def open_repeats(folder: Path) -> RecordTable[Repeat]:
    """Open the exercises that are or were solved again, by exercise."""
    return RecordTable(folder, "again", Repeat, REPEATS)


def open_readings(folder: Path) -> RecordTable[Reading]:
    """Open where the learner is with each reading, by its id, and their own entries."""
    return RecordTable(folder, "readings", Reading, READINGS)


def open_claims(folder: Path) -> RecordTable[ImportedClaim]:
    """Open what a journal says is done, by a hash of where it came from."""
    return RecordTable(folder, "claims", ImportedClaim, CLAIMS)


def open_imports(folder: Path) -> RecordTable[ImportedItem]:
    """Open what imports took over, by a hash of what it was."""
    return RecordTable(folder, "imports", ImportedItem, IMPORTS)


def open_milestones(folder: Path) -> RecordTable[MilestoneRecord]:
    """Open what runs of milestones have shown, by milestone, and under ``ID.last`` the last run."""
    return RecordTable(folder, "milestones", MilestoneRecord, MILESTONES)


def open_study(folder: Path) -> RecordTable[StudySpan]:
    """Open the stretches of reviewing and reading, by when they began."""
    return RecordTable(folder, "study", StudySpan, STUDY)


def pick_later_review(one: CardSchedule, other: CardSchedule) -> CardSchedule:
    """Return the row of a card that was reviewed last."""
    return max(one, other, key=lambda row: (row.last_review, row.reviews))


def pick_later_repeat(one: Repeat, other: Repeat) -> Repeat:
    """Return the row of an exercise that was begun again last, or of one start the later."""
    return max(one, other, key=lambda row: (row.began, row.ended, row.failures))


def pick_later_reading(one: Reading, other: Reading) -> Reading:
    """Return the row of a reading that was changed last."""
    return max(one, other, key=lambda row: row.changed_at)


def pick_better_run(one: MilestoneRecord, other: MilestoneRecord) -> MilestoneRecord:
    """Return the row of the run that reached its milestone, or of two alike the later one."""
    return max(one, other, key=lambda row: (row.reached, row.at))


def pick_longer_span(one: StudySpan, other: StudySpan) -> StudySpan:
    """Return the row that was lengthened last."""
    return max(one, other, key=lambda row: (row.ended, row.cards, row.repeats, row.readings))


CARDS = Schema({"cards": CardSchedule}, (add_version,), {"cards": pick_later_review})
REPEATS = Schema({"again": Repeat}, (add_version,), {"again": pick_later_repeat})
READINGS = Schema({"readings": Reading}, (add_version,), {"readings": pick_later_reading})
CLAIMS = Schema({"claims": ImportedClaim}, (add_version,))
IMPORTS = Schema({"imports": ImportedItem}, (add_version,))
MILESTONES = Schema(
    {"milestones": MilestoneRecord}, (add_version,), {"milestones": pick_better_run}
)
STUDY = Schema({"study": StudySpan}, (add_version,), {"study": pick_longer_span})
