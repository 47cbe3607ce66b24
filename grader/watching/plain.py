"""Watching over a pipe or on a terminal without cursor: one block of lines for each verdict."""

from __future__ import annotations

import select
import sys
import threading

from grader.console import verdict
from grader.console.paint import say, say_all
from grader.watching import lines
from grader.watching.session import Session
from grader.watching.view import View

GLANCE = 0.5
"""Seconds between two looks whether anyone still reads."""


class Plain:
    """Prints what is new in each view."""

    def __init__(self, session: Session) -> None:
        self._session = session
        session.told = self.told
        self._views: list[View] = []
        self._new = threading.Condition()

    def told(self, view: View) -> None:
        """Take one view, from any thread; it is printed by ``run``."""
        with self._new:
            self._views.append(view)
            self._new.notify_all()

    def run(self) -> None:
        """Print until Ctrl-C, or until nobody reads or the session breaks."""
        say("Watching exercises/; Ctrl-C ends it.")
        last: View | None = None
        while self._session.fault is None:
            with self._new:
                self._new.wait_for(lambda: bool(self._views), timeout=GLANCE)
                views, self._views = self._views, []
            for view in views:
                say_all(_new(view, last))
                last = view
            sys.stdout.flush()
            if _unread():
                raise BrokenPipeError


def _new(view: View, last: View | None) -> list[str]:
    """What a view says that the last one did not."""
    found = [] if last is not None and view.said == last.said else list(view.said)
    if view.batch is not None:
        seen = len((last.batch if last is not None else None) or ())
        found += [line for outcome in view.batch[seen:] for line in lines.brief(outcome)]
    elif view.outcome is not None and (last is None or view.outcome is not last.outcome):
        found += ["", verdict.headline(view.outcome), *lines.body(view, 1000)]
    return found


def _unread() -> bool:
    """Whether the pipe that is written to has lost its reader."""
    if not hasattr(select, "poll"):
        return False
    watched = select.poll()
    watched.register(sys.stdout.fileno(), 0)
    return any(state & (select.POLLERR | select.POLLHUP) for _, state in watched.poll(0))
