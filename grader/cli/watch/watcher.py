"""Watch one session: the current exercise, what is asked for, and what the saves come to."""

from __future__ import annotations

from grader.base.errors import GroundworkError
from grader.base.printable import sanitize
from grader.cli.console import overview
from grader.cli.watch.exercise_files import FileChanges
from grader.cli.watch.grading_jobs import GradingJobs
from grader.cli.watch.job_runner import JobRunner
from grader.cli.watch.view import LiveView, View
from grader.course.model import Exercise
from grader.grading.client import Engine
from grader.learner.progress import find_following
from grader.services.session import Session
from grader.services.submission import is_unwritten, read_submission


class Watcher:
    """A session under watch. A context manager: its threads end with it."""

    def __init__(self, session: Session, cold: bool = False) -> None:
        self.session = session
        self.fault: BaseException | None = None
        """What broke in a thread of ours: the surface ends, and raises it."""
        self._runner = JobRunner(lambda: self._engine.abandon(), self.report_fault)
        self.live = LiveView(View(session.course, session.read_progress()), self._runner.change)
        self._engine = Engine(cold, self.live.say)
        self._jobs = GradingJobs(session, self._engine, self.live)

    def __enter__(self) -> Watcher:
        self._runner.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        # The runner first: it ends the run under way, which the engine would wait for.
        self._runner.__exit__()
        self._engine.__exit__(*exception)

    @property
    def view(self) -> View:
        """What there is to see now."""
        return self.live.now

    def report_fault(self, fault: BaseException) -> None:
        """Note that a thread has ended with a fault of ours, and wake the surface."""
        self.fault = fault
        self.live.on_change(self.view)

    # What may be asked, from any thread

    def take(self, exercise: Exercise) -> None:
        """Make an exercise the current one and grade it."""
        self._runner.submit(lambda job: self._jobs.grade_saved(exercise.id, job))

    def grade_again(self) -> None:
        """Grade the current exercise once more."""
        if self.view.exercise is not None:
            self.take(self.view.exercise)

    def grade_everything(self) -> None:
        """Grade every exercise, in course order."""
        self._runner.submit(self._jobs.grade_everything)

    def close_batch(self) -> None:
        """Show the current exercise again after a run of all."""
        with self.live.lock:
            if self.view.batch is not None and self.view.work == "idle":
                self.live.change(batch=None)

    def take_next(self) -> None:
        """Take what comes after the current exercise, which may be left undone."""
        following = find_following(
            self.session.course, self.session.read_progress(), self.view.current_id
        )
        if following is None:
            self.say(overview.format_done(self.session.course))
        else:
            self.take(following)

    def say(self, *texts: str) -> None:
        """Show messages beside the verdict."""
        self.live.say(*texts)

    def say_lasting(self, text: str) -> None:
        """Show a message that the next verdict leaves standing."""
        self._jobs.lasting = (sanitize(text),)
        self.say(text)

    # What happened to the files

    def handle(self, changes: FileChanges) -> None:
        """Grade what was saved, and say what else has happened."""
        workspace = self.session.workspace
        if changes.course:
            self._reopen()
        if changes.silent:
            self.say(changes.silent)
        if changes.gone:
            gone = ", ".join(
                workspace.show_path(workspace.locate_stub(name)) for name in changes.gone
            )
            self.say(f"gone: {gone}. Restore it, or reset the exercise for a fresh stub.")
        saved = self._choose_saved(changes)
        if saved:
            first = self.view.current_id if self.view.current_id in saved else saved[0]
            with self._runner.change:
                # In one step: a job between the two would take away what waits, or not see it.
                self._jobs.waiting.update(dict.fromkeys(saved))
                self._runner.submit(lambda job: self._jobs.grade_saved(first, job))

    def _choose_saved(self, changes: FileChanges) -> tuple[str, ...]:
        """Return what of it is a learner's save.

        A file that was written again as it was counts only where it alone was, and is not the
        current exercise's: so a learner takes one up. Of many files at once, as after
        ``git checkout``, only those count that are more than a stub.
        """
        saved = changes.saved
        if not saved and len(changes.touched) == 1 and changes.touched[0] != self.view.current_id:
            saved = changes.touched
        if len(saved) > 1:
            saved = tuple(name for name in saved if self._is_begun(name)) or saved[:1]
        return saved

    def _is_begun(self, name: str) -> bool:
        """Return whether an exercise's file is more than its stub."""
        submission = read_submission(self.session.workspace.locate_stub(name), name)
        try:
            exercise = self.session.course.find_exercise(name)
        except KeyError:
            return True
        return bool(submission.trouble) or not is_unwritten(submission.text, exercise)

    def _reopen(self) -> None:
        """Take up the course as it is now, and grade again what is asked in another way."""
        current = self.view.exercise
        try:
            session = Session.open(self.session.workspace)
            self.session = self._jobs.session = session
            now = {exercise.id: exercise for exercise in session.course.iterate_exercises()}
            current = now.get(current.id) if current is not None else None
            progress = session.read_progress()
            self.live.change(course=session.course, progress=progress, exercise=current)
            self.say("The course has changed.")
            if current is not None and session.hash_checks(current) != self._jobs.checks_hash:
                self.take(current)
        except (GroundworkError, OSError) as error:
            self.say("The course cannot be read; its last valid state is used.", str(error))
