"""Begin and end watching: the engine, the threads and a surface."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

from grader.cli.watch.change_feed import follow_changes
from grader.cli.watch.exercise_files import ExerciseFiles
from grader.cli.watch.watcher import Watcher
from grader.course.model import Exercise
from grader.services.session import Session

ENDING = ("SIGTERM", "SIGHUP")
"""Signals that ask a process to end; not every system has both."""


def run_watch(
    session: Session, exercise: Exercise | None, *, poll: bool, plain: bool, cold: bool
) -> None:
    """Watch until the learner quits; the current exercise is graded first."""
    with _exit_on_signals():
        watcher = Watcher(session, cold)
        with watcher, _follow_files(watcher, poll):
            run = _open_printer(watcher) if plain or not _has_screen() else _open_screen(watcher)
            if exercise is not None:
                watcher.take(exercise)
            else:
                watcher.take_next()
            run()
        if watcher.fault is not None:
            raise watcher.fault


def _open_printer(watcher: Watcher) -> Callable[[], None]:
    from grader.cli.watch.line_printer import LinePrinter

    return LinePrinter(watcher).run


def _open_screen(watcher: Watcher) -> Callable[[], None]:
    from grader.cli.watch.screen import Screen

    return Screen(watcher).run


def _has_screen() -> bool:
    """Return whether there is a terminal that can be painted on."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def _follow_files(watcher: Watcher, poll: bool) -> Iterator[None]:
    """Pass every change of the files to the watcher, from a thread of its own."""
    stop = Event()

    def list_ids() -> list[str]:
        return [exercise.id for exercise in watcher.session.course.iterate_exercises()]

    # Made here and not in the thread: its first look is what later ones are compared with, so
    # nothing that is saved from now on is missed.
    files = ExerciseFiles(watcher.session.workspace, list_ids)

    def follow() -> None:
        try:
            for changes in follow_changes(files, stop, poll):
                watcher.handle(changes)
        except BaseException as fault:
            watcher.report_fault(fault)

    thread = Thread(target=follow)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _exit_on_signals() -> Iterator[None]:
    """Turn a signal to end into ``SystemExit``.

    By default these signals end the process on the spot: the terminal would stay in raw mode,
    and what the engine runs would stay behind.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)  # the exit code that a shell gives to a process ended by it

    numbers = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    before = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
