"""A passed exercise solved again: an empty stub in a copy, graded without touching its standing.

The learner's own file, its standing and its attempts stay as they are. What a copy comes to is
an answer to the exercise's card.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from grader import clock, review
from grader.course import Exercise
from grader.errors import UsageError
from grader.learner import Again, Recall
from grader.outcome import Outcome
from grader.practice.assist import Reset, fresh_stub
from grader.practice.desk import Desk
from grader.records import shelves


def underway(desk: Desk) -> dict[str, Again]:
    """The copies that were begun and neither passed nor given up, by exercise."""
    kept = shelves.again(desk.workspace.progress).all()
    return {
        name: again
        for name, again in kept.items()
        if not again.ended and desk.workspace.again(name).exists()
    }


def begin(desk: Desk, exercise: Exercise, now: datetime) -> Reset:
    """Put an empty stub into the exercise's copy; what lies there is saved aside first."""
    if desk.records.standing(exercise.id).passed_at is None:
        raise UsageError(f"{exercise.id} is not passed yet: grade {exercise.id}")
    done = fresh_stub(desk, exercise, desk.workspace.again(exercise.id), now)
    again = Again(began=clock.utc_now())
    shelves.again(desk.workspace.progress).put({exercise.id: again})
    return done


def settle(desk: Desk, exercise: Exercise, outcome: Outcome) -> Recall | None:
    """Keep what grading the copy came to; the exercise's new schedule when it passed."""
    if outcome.verdict in ("failed", "error"):
        shelves.again(desk.workspace.progress).revise(
            exercise.id, lambda kept: replace(kept, failures=kept.failures + 1) if kept else None
        )
    return _ended(desk, exercise, gave_up=False) if outcome.verdict == "passed" else None


def give_up(desk: Desk, exercise: Exercise) -> Recall | None:
    """Leave the copy unsolved: the exercise counts as forgotten and is due again soon."""
    return _ended(desk, exercise, gave_up=True)


def _ended(desk: Desk, exercise: Exercise, gave_up: bool) -> Recall | None:
    """The exercise's schedule after its copy; None when another process has ended it already.

    The schedule comes first. Killed in between, the copy is ended next time, and not twice.
    """
    shelf = shelves.again(desk.workspace.progress)
    again = shelf.get(exercise.id)
    if again is None or again.ended:
        return None
    now = clock.now()
    minutes = (now - datetime.fromisoformat(again.began)).total_seconds() / 60
    choice = "again" if gave_up else review.solved(again.failures, minutes, exercise.minutes)
    recall = _answered(desk, exercise, again, choice, now)
    shelf.revise(exercise.id, lambda kept: replace(kept, ended=clock.utc_now()) if kept else None)
    return recall


def _answered(
    desk: Desk, exercise: Exercise, again: Again, choice: review.Choice, now: datetime
) -> Recall | None:
    key = f"{review.EXERCISE}{exercise.id}"
    standings, settings = desk.records.standings(), desk.settings()

    def rule(kept: Recall | None) -> Recall | None:
        if kept is not None and kept.last_review >= again.began:
            return None
        held = {key: kept} if kept else {}
        before = review.exercises(standings, held, [exercise.id]).get(key)
        return review.graded(before, choice, now, settings)

    return shelves.cards(desk.workspace.progress).revise(key, rule)
