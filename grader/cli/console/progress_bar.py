"""The last line of a terminal while much is running: how far it is, and what runs now."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TextIO

from grader.cli.console.redrawn_line import RedrawnLine

CELLS = 20


class ProgressBar(RedrawnLine):
    """A line on standard error. What else is written meanwhile is written in ``hide``."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(sys.stderr if stream is None else stream)
        self._began = time.monotonic()
        self._planned, self._ended = Counter[str](), Counter[str]()
        self._running: list[str] = []

    @contextmanager
    def hide(self) -> Iterator[None]:
        """Take the line away while something else is written."""
        self.clear()
        yield
        self.tick()

    # The tasks, as an observer of ``run_parallel`` is told of them

    def plan(self, names: Sequence[str]) -> None:
        """Take the names of the tasks to come; several may have one name."""
        self._planned.update(names)

    def begin(self, name: str) -> None:
        """Show that a task has begun."""
        self._running.append(name)
        self.tick()

    def end(self, name: str) -> None:
        """Count a task that has ended."""
        with suppress(ValueError):  # it never began
            self._running.remove(name)
        self._ended[name] += 1  # drawn with the next beginning, or in a moment

    def tick(self) -> None:
        """Draw again: time has passed."""
        if self._planned:  # a single exercise has no bar
            self.draw(self._format_line())

    # How it looks

    def _format_line(self) -> str:
        ended, planned = self._ended.total(), self._planned.total()
        filled = CELLS * ended // planned if planned else 0
        seconds = int(time.monotonic() - self._began)
        names = ", ".join(self._format_name(name) for name in dict.fromkeys(self._running))
        bar = "#" * filled + "." * (CELLS - filled)
        return f"{bar}  {ended} of {planned}  {seconds // 60}:{seconds % 60:02}  {names}"

    def _format_name(self, name: str) -> str:
        """Return the name, with how much of it is done where it is more than one task."""
        of = self._planned[name]
        return f"{name} {self._ended[name]}/{of}" if of > 1 else name
