"""Watching over a pipe or on a terminal without cursor: one block of lines for each verdict."""

from __future__ import annotations

import select
import sys
import threading

from grader.cli.console import verdict
from grader.cli.console.terminal import say, say_all
from grader.cli.watch import view_text
from grader.cli.watch.view import View
from grader.cli.watch.watcher import Watcher
from grader.grading.outcome import Outcome

GLANCE = 0.5
"""Seconds between two looks whether anyone still reads."""


class LinePrinter:
    """Prints what is new in each view."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        watcher.live.on_change = self.receive
        self._views: list[View] = []
        self._new = threading.Condition()

    def receive(self, view: View) -> None:
        """Take one view, from any thread; it is printed by ``run``."""
        with self._new:
            self._views.append(view)
            self._new.notify_all()

    def run(self) -> None:
        """Print until Ctrl-C, or until nobody reads or the watcher breaks."""
        say("Watching exercises/; Ctrl-C ends it.")
        last: View | None = None
        while self._watcher.fault is None:
            with self._new:
                self._new.wait_for(lambda: bool(self._views), timeout=GLANCE)
                views, self._views = self._views, []
            for view in views:
                say_all(_list_new(view, last))
                last = view
            sys.stdout.flush()
            if _has_lost_reader():
                raise BrokenPipeError


def _list_new(view: View, last: View | None) -> list[str]:
    """Return what a view says that the last one did not."""
    found = [] if last is not None and view.messages == last.messages else list(view.messages)
    if view.batch is not None:
        seen = len((last.batch if last is not None else None) or ())
        found += [line for outcome in view.batch[seen:] for line in view_text.format_brief(outcome)]
    elif view.work == "idle" and view.outcome is not None and not _has_shown(last, view.outcome):
        found += ["", verdict.format_headline(view.outcome), *view_text.format_body(view, 1000)]
    return found


def _has_shown(last: View | None, outcome: Outcome) -> bool:
    """Return whether an outcome was shown; what still lacks its explanation was not."""
    return last is not None and last.outcome is outcome and last.work == "idle"


def _has_lost_reader() -> bool:
    """Return whether the pipe that is written to has lost its reader.

    Writing would tell, by SIGPIPE or an error, but while no file is saved nothing is written,
    and ``grade watch | head`` would run on for nobody.
    """
    if not hasattr(select, "poll"):
        return False
    watched = select.poll()
    watched.register(sys.stdout.fileno(), 0)  # errors and hang-ups come without being asked for
    return any(state & (select.POLLERR | select.POLLHUP) for _, state in watched.poll(0))
