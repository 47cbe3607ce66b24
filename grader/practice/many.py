"""Grade many exercises at once, on all cores."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from functools import partial

from grader.cache import Cache
from grader.course import Exercise
from grader.engine.client import Engine
from grader.outcome import Outcome, Target
from grader.practice.desk import Desk
from grader.practice.grading import grade
from grader.practice.lanes import Task, Unwatched, Watch, in_lanes
from grader.practice.pace import Pace, weight
from grader.practice.paper import read, unwritten


def grade_all(
    desk: Desk,
    engine: Engine,
    exercises: Sequence[Exercise],
    seed: int,
    target: Target = "exercises",
    watch: Watch | None = None,
) -> Generator[Outcome]:
    """The outcomes in the exercises' order, each as soon as it and all before it are there.

    The slowest of last time begins first. Each attempt is recorded when its run ends. An
    exercise that is not written costs no run, and begins no engine. Close the iterator to stop:
    runs under way are given up and leave no record.
    """
    graded = partial(grade, desk, engine, seed=seed, target=target)
    still_open = {e.id: graded(e) for e in exercises if _is_open(desk, e, target)}
    pace = Pace(Cache(desk.workspace.cache), target)
    expected = pace.expected()
    tasks = [
        Task(exercise.id, partial(graded, exercise), weight(exercise, expected))
        for exercise in exercises
        if exercise.id not in still_open
    ]
    if tasks:
        engine.start()
    with closing(in_lanes(tasks, engine.abandon, watch or Unwatched())) as coming:
        try:
            for exercise in exercises:
                outcome = still_open.get(exercise.id) or next(coming)
                if outcome.verdict not in ("open", "grader_error"):
                    pace.note(exercise.id, outcome.seconds)
                yield outcome
        finally:
            pace.keep()


def _is_open(desk: Desk, exercise: Exercise, target: Target) -> bool:
    """Whether the learner's file is still the stub."""
    if target == "solutions":
        return False
    path = desk.workspace.stub(exercise.id)
    paper = read(path, desk.workspace.shown(path))
    return not paper.trouble and unwritten(paper.text, exercise)
