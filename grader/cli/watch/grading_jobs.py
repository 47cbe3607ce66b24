"""The jobs of a watcher: grade the current exercise, others that were saved, or everything."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from grader.base.errors import GroundworkError
from grader.cli.console import verdict
from grader.cli.console.training import StepText
from grader.cli.watch.job_runner import Job
from grader.cli.watch.view import Activity, LiveView
from grader.course.model import Exercise
from grader.grading.client import Engine, RunAbandoned
from grader.grading.outcome import CheckResult, Outcome
from grader.grading.protocol.notices import StepNotice
from grader.services.grading import choose_seed, grade
from grader.services.help import locate_stub
from grader.services.session import Session


class GradingJobs:
    """Grades and shows what comes; the jobs are run in the runner's thread."""

    def __init__(self, session: Session, engine: Engine, live: LiveView) -> None:
        self.session = session
        """Replaced when the course has changed; each grading takes the one that is there."""
        self._engine, self._live = engine, live
        self.checks_hash = ""
        """The hash of the current exercise's checks when it was graded."""
        self.waiting: dict[str, None] = {}
        """What was saved and has no verdict yet, in the order of saving."""
        self.lasting: tuple[str, ...] = ()
        """Messages that the next verdict leaves standing."""
        self._answered = False

    def grade_saved(self, first: str, job: Job) -> None:
        """Grade the first as the current exercise, then all others that wait for a verdict."""
        self._grade_one(first, job, self._grade_current)
        for name in list(self.waiting):
            self._grade_one(name, job, self._grade_aside)

    def grade_everything(self, job: Job) -> None:
        """Grade all exercises; outcomes show in course order."""
        from grader.services.grade_all import grade_all

        session, seed = self.session, choose_seed()
        exercises = list(session.course.iterate_exercises())
        self._show(job, work=self._get_activity(), batch=(), whole=len(exercises), messages=())

        def run() -> None:
            # Closed also when a stale job stops reading: what still runs is then given up.
            with closing(grade_all(session, self._engine, exercises, seed)) as coming:
                for outcome in coming:
                    batch = (*(self._live.now.batch or ()), outcome)
                    self._show(job, work="checking", batch=batch)
            progress = session.read_progress()
            self._show(job, work="idle", messages=_list_warnings(session), progress=progress)

        self._guard(job, run)

    def _grade_one(self, name: str, job: Job, how: Callable[[Exercise, Job], None]) -> None:
        """Grade it, unless something newer is wanted; it has its verdict then, or its trouble."""
        exercises = self.session.course.iterate_exercises()
        exercise = next((exercise for exercise in exercises if exercise.id == name), None)
        if job.is_stale:
            return
        if exercise is not None:  # it may have left the course
            self._guard(job, lambda: how(exercise, job))
        job.apply(lambda: self.waiting.pop(name, None))

    def _guard(self, job: Job, run: Callable[[], None]) -> None:
        """Run it; what goes wrong is shown as a message."""
        message = ""
        try:
            run()
        except RunAbandoned:
            message = "The run was ended; Enter grades again."
        except GroundworkError as error:
            message = str(error)
        except OSError as error:
            message = f"{error.filename}: {error.strerror or error}"
        if message:
            self._show(job, work="idle")
            job.apply(lambda: self._live.say(message))

    def _grade_current(self, exercise: Exercise, job: Job) -> None:
        """Make an exercise the current one and grade it; findings show as they come."""
        session = self.session
        fresh: dict[str, Any] = {"checks": (), "outcome": None, "messages": (), "batch": None}
        self._show(job, exercise=exercise, claims=(), work=self._get_activity(), steps="", **fresh)
        self._show(job, claims=session.read_claims(exercise), **_find_places(session, exercise))
        self.checks_hash, text = session.hash_checks(exercise), StepText()

        def tell(check: CheckResult) -> None:
            if job.is_stale:
                raise RunAbandoned("a newer text was saved")
            self._answered = True
            others = (other for other in self._live.now.checks if other.name != check.name)
            self._show(job, work="checking", checks=(*others, check), steps="")

        def tell_steps(notice: StepNotice) -> None:
            if job.is_stale:
                raise RunAbandoned("a newer text was saved")
            self._show(job, work="checking", steps=text.format(notice))

        def tell_verdict(outcome: Outcome) -> None:
            self._show(job, outcome=outcome)

        outcome = grade(
            *(session, self._engine, exercise, choose_seed()),
            tell=tell,
            tell_verdict=tell_verdict,
            tell_steps=tell_steps,
        )
        unrecorded = (verdict.format_unrecorded(outcome),) if outcome.unrecorded else ()
        messages, self.lasting = (*self.lasting, *unrecorded, *_list_warnings(session)), ()
        progress = session.read_progress()
        self._show(job, work="idle", outcome=outcome, messages=messages, progress=progress)
        if not self._answered:
            # Nothing has been asked of the engine yet, as of a stub that is open: start it now,
            # so that the first save finds it warm.
            self._answered = True
            self._engine.start()

    def _grade_aside(self, exercise: Exercise, job: Job) -> None:
        """Grade an exercise that is not the current one, and say in one line what was found."""
        session = self.session
        outcome = grade(session, self._engine, exercise, choose_seed())
        messages = (*self._live.now.messages, verdict.format_headline(outcome))
        self._show(job, messages=messages, progress=session.read_progress())

    def _show(self, job: Job, **changes: Any) -> None:
        """Change the view, unless the job is stale."""
        job.apply(lambda: self._live.change(**changes))

    def _get_activity(self) -> Activity:
        """Return what a run begins with: the first one waits for the engine to start."""
        return "checking" if self._answered else "starting"


def _find_places(session: Session, exercise: Exercise) -> dict[str, str]:
    lesson = session.workspace.show_path(session.workspace.locate_lesson(exercise.id))
    return {"where": locate_stub(session, exercise), "lesson": lesson}


def _list_warnings(session: Session) -> tuple[str, ...]:
    return tuple(f"records: {warning}" for warning in session.records.warnings)
