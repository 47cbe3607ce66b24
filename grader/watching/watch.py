"""A whole session of watching: the engine, the threads and a surface, begun and ended."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

from grader.course import Exercise
from grader.practice import Desk
from grader.watching.folder import Folder
from grader.watching.saves import follow
from grader.watching.session import Session

ENDING = ("SIGTERM", "SIGHUP")
"""Signals that ask a process to end; not every system has both."""


def watch(desk: Desk, exercise: Exercise | None, *, poll: bool, plain: bool, cold: bool) -> None:
    """Watch until the learner quits; the exercise in hand is graded first."""
    with _ending():
        session = Session(desk, cold)
        with session, _following(session, poll):
            surface = _printed(session) if plain or not _has_screen() else _painted(session)
            if exercise is not None:
                session.take(exercise)
            else:
                session.take_next()
            surface()
        if session.fault is not None:
            raise session.fault


def _printed(session: Session) -> Callable[[], None]:
    from grader.watching.plain import Plain

    return Plain(session).run


def _painted(session: Session) -> Callable[[], None]:
    from grader.watching.screen import Screen

    return Screen(session).run


def _has_screen() -> bool:
    """Whether there is a terminal that can be painted on."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def _following(session: Session, poll: bool) -> Iterator[None]:
    """Tell the session of every save, from a thread of its own."""
    stop = Event()

    def ids() -> list[str]:
        return [exercise.id for exercise in session.desk.course.exercises()]

    folder = Folder(session.desk.workspace, ids)

    def tell() -> None:
        try:
            for seen in follow(folder, stop, poll):
                session.saw(seen)
        except BaseException as fault:
            session.broke(fault)

    thread = Thread(target=tell)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _ending() -> Iterator[None]:
    """Turn a signal to end into an orderly end: the terminal and all processes are put right."""

    def end(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    numbers = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
