"""Grade many exercises at once, on all cores."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from functools import partial

from grader.base.cache import Cache
from grader.course.model import Exercise
from grader.grading.client import Engine
from grader.grading.outcome import Outcome, Target
from grader.services.durations import Durations, weigh
from grader.services.grading import grade
from grader.services.parallel import Observer, SilentObserver, Task, run_parallel
from grader.services.session import Session
from grader.services.submission import is_unwritten, read_submission


def grade_all(
    session: Session,
    engine: Engine,
    exercises: Sequence[Exercise],
    seed: int,
    target: Target = "exercises",
    observer: Observer | None = None,
) -> Generator[Outcome]:
    """Yield the outcomes in the exercises' order, each as soon as it and all before it are there.

    The slowest of last time begins first. Each attempt is recorded when its run ends. An
    exercise that is not written costs no run, and begins no engine. Close the iterator to stop:
    runs under way are given up and leave no record.
    """
    graded = partial(grade, session, engine, seed=seed, target=target)
    still_open = {e.id: graded(e) for e in exercises if _is_open(session, e, target)}
    pace = Durations(Cache(session.workspace.cache), target)
    expected = pace.read()
    tasks = [
        Task(exercise.id, partial(graded, exercise), weigh(exercise, expected))
        for exercise in exercises
        if exercise.id not in still_open
    ]
    if tasks:
        engine.start()
    with closing(run_parallel(tasks, engine.abandon, observer or SilentObserver())) as coming:
        try:
            for exercise in exercises:
                outcome = still_open.get(exercise.id) or next(coming)
                if outcome.verdict not in ("open", "grader_error"):
                    pace.add(exercise.id, outcome.seconds)
                yield outcome
        finally:
            pace.save()


def _is_open(session: Session, exercise: Exercise, target: Target) -> bool:
    """Return whether the learner's file is still the stub."""
    if target == "solutions":
        return False
    path = session.workspace.locate_stub(exercise.id)
    submission = read_submission(path, session.workspace.show_path(path))
    return not submission.trouble and is_unwritten(submission.text, exercise)
