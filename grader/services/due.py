"""What is due, in short: from the records alone, for commands that must be quick."""

from __future__ import annotations

import json

from grader.base import clock
from grader.base.files import read_file
from grader.base.paths import Workspace
from grader.learner import spaced_repetition
from grader.learner.records import tables
from grader.services.session import Session


def count_due(session: Session) -> tuple[int, int]:
    """Return how many cards and how many exercises are due, without a look at the notes.

    Cards that the notes no longer held when they were last read do not count; cards never
    asked are not known here.
    """
    path = session.workspace.progress / "cards.json"
    kept = tables.open_cards(session.workspace.progress).read_all() if path.exists() else {}
    settings = session.read_settings()
    today = settings.find_day(clock.get_now())
    known = [exercise.id for exercise in session.course.iterate_exercises()]
    lapsed = spaced_repetition.schedule_exercises(session.records.read_standings(), kept, known)
    there = _read_known_cards(session.workspace)
    cards = {
        key: recall
        for key, recall in kept.items()
        if not key.startswith(spaced_repetition.EXERCISE) and (there is None or key in there)
    }
    return spaced_repetition.count_due(cards, today, settings), spaced_repetition.count_due(
        lapsed, today, settings
    )


def _read_known_cards(workspace: Workspace) -> set[str] | None:
    try:
        return set(json.loads(read_file(workspace.card_ids)))
    except (OSError, ValueError, TypeError):
        return None
