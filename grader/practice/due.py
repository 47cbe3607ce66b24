"""What is due, in short: from the records alone, for commands that must be quick."""

from __future__ import annotations

import json

from grader import clock, review
from grader.practice.desk import Desk
from grader.records import shelves
from grader.workspace import Workspace


def due_in_short(desk: Desk) -> tuple[int, int]:
    """How many cards and how many exercises are due, without a look at the notes.

    Cards that the notes no longer held when they were last read do not count; cards never
    asked are not known here.
    """
    path = desk.workspace.progress / "cards.json"
    kept = shelves.cards(desk.workspace.progress).all() if path.exists() else {}
    settings = desk.settings()
    today = settings.day_of(clock.now())
    known = [exercise.id for exercise in desk.course.exercises()]
    lapsed = review.exercises(desk.records.standings(), kept, known)
    there = _there(desk.workspace)
    cards = {
        key: recall
        for key, recall in kept.items()
        if not key.startswith(review.EXERCISE) and (there is None or key in there)
    }
    return review.waiting(cards, today, settings), review.waiting(lapsed, today, settings)


def _there(workspace: Workspace) -> set[str] | None:
    try:
        return set(json.loads(workspace.pile.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
