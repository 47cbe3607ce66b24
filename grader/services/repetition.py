"""A passed exercise solved again: an empty stub in a copy, graded without touching its standing.

The learner's own file, its standing and its attempts stay as they are. What a copy comes to is
an answer to the exercise's card.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from grader.base import clock
from grader.base.errors import UsageError
from grader.course.model import Exercise
from grader.grading.outcome import Outcome
from grader.learner import spaced_repetition
from grader.learner.model import CardSchedule, Repeat
from grader.learner.records import tables
from grader.services.help import Reset, write_fresh_stub
from grader.services.session import Session
from grader.services.study import record_study


def list_underway(session: Session) -> dict[str, Repeat]:
    """Return the copies that were begun and neither passed nor given up, by exercise."""
    kept = tables.open_repeats(session.workspace.progress).read_all()
    return {
        name: again
        for name, again in kept.items()
        if not again.ended and session.workspace.locate_repeat(name).exists()
    }


def begin(session: Session, exercise: Exercise, now: datetime) -> Reset:
    """Put an empty stub into the exercise's copy; what lies there is saved aside first."""
    if session.records.read_standing(exercise.id).passed_at is None:
        raise UsageError(f"{exercise.id} is not passed yet: grade {exercise.id}")
    done = write_fresh_stub(session, exercise, session.workspace.locate_repeat(exercise.id), now)
    again = Repeat(began=clock.format_now())
    tables.open_repeats(session.workspace.progress).put({exercise.id: again})
    return done


def settle(session: Session, exercise: Exercise, outcome: Outcome) -> CardSchedule | None:
    """Record what grading the copy came to; the exercise's new schedule when it passed."""
    if outcome.verdict in ("passed", "failed", "error"):
        _record_time(session, exercise)
    if outcome.verdict in ("failed", "error"):
        tables.open_repeats(session.workspace.progress).revise(
            exercise.id, lambda kept: replace(kept, failures=kept.failures + 1) if kept else None
        )
    return _end(session, exercise, gave_up=False) if outcome.verdict == "passed" else None


def give_up(session: Session, exercise: Exercise) -> CardSchedule | None:
    """Leave the copy unsolved: the exercise counts as forgotten and is due again soon."""
    _record_time(session, exercise)
    return _end(session, exercise, gave_up=True)


def _record_time(session: Session, exercise: Exercise) -> None:
    """Record that time was spent on the copy, from its empty stub on."""
    again = tables.open_repeats(session.workspace.progress).get(exercise.id)
    if again is not None and not again.ended:
        record_study(session, "repeats", since=datetime.fromisoformat(again.began))


def _end(session: Session, exercise: Exercise, gave_up: bool) -> CardSchedule | None:
    """End the copy and return the exercise's new schedule; None when another process ended it.

    The schedule comes first. Killed in between, the copy is ended next time, and not twice.
    """
    table = tables.open_repeats(session.workspace.progress)
    again = table.get(exercise.id)
    if again is None or again.ended:
        return None
    now = clock.get_now()
    minutes = (now - datetime.fromisoformat(again.began)).total_seconds() / 60
    choice = (
        "again"
        if gave_up
        else spaced_repetition.grade_repeat(again.failures, minutes, exercise.minutes)
    )
    recall = _record_answer(session, exercise, again, choice, now)
    ended = clock.format_now()
    table.revise(exercise.id, lambda kept: replace(kept, ended=ended) if kept else None)
    return recall


def _record_answer(
    session: Session,
    exercise: Exercise,
    again: Repeat,
    choice: spaced_repetition.Choice,
    now: datetime,
) -> CardSchedule | None:
    key = f"{spaced_repetition.EXERCISE}{exercise.id}"
    standings, settings = session.records.read_standings(), session.read_settings()

    def update(kept: CardSchedule | None) -> CardSchedule | None:
        if kept is not None and kept.last_review >= again.began:
            return None
        held = {key: kept} if kept else {}
        before = spaced_repetition.schedule_exercises(standings, held, [exercise.id]).get(key)
        return spaced_repetition.grade_card(before, choice, now, settings)

    return tables.open_cards(session.workspace.progress).revise(key, update)
