"""The last line of a terminal while much is running: how far it is, and what runs now."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TextIO

CELLS = 20


class Bar:
    """A line on standard error, only where that is a terminal which can take a line back.

    Use it as a context manager: it is gone at the end. What else is written meanwhile is
    written in ``aside``.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._on = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._began = time.monotonic()
        self._planned, self._ended = Counter[str](), Counter[str]()
        self._running: list[str] = []
        self._drawn = ""

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()
        self._on = False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the line away while something else is written."""
        self._clear()
        yield
        self._draw()

    # What is watched

    def planned(self, names: Sequence[str]) -> None:
        """These tasks are to come; several may have one name."""
        self._planned.update(names)

    def began(self, name: str) -> None:
        """A task has begun."""
        self._running.append(name)
        self._draw()

    def ended(self, name: str) -> None:
        """A task has ended."""
        with suppress(ValueError):  # it never began
            self._running.remove(name)
        self._ended[name] += 1  # drawn with the next beginning, or in a moment

    def waited(self) -> None:
        """A moment has passed."""
        self._draw()

    # How it looks

    def _line(self) -> str:
        ended, planned = self._ended.total(), self._planned.total()
        filled = CELLS * ended // planned if planned else 0
        seconds = int(time.monotonic() - self._began)
        names = ", ".join(self._named(name) for name in dict.fromkeys(self._running))
        bar = "#" * filled + "." * (CELLS - filled)
        return f"{bar}  {ended} of {planned}  {seconds // 60}:{seconds % 60:02}  {names}"

    def _named(self, name: str) -> str:
        """The name, with how much of it is done where it is more than one task."""
        of = self._planned[name]
        return f"{name} {self._ended[name]}/{of}" if of > 1 else name

    def _width(self) -> int:
        with suppress(OSError, ValueError):
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        return 80

    def _draw(self) -> None:
        """Write the line over the old one, and blanks over what is left of that."""
        line, room = self._line(), self._width() - 1
        if len(line) > room:
            line = line[: max(0, room - 3)] + "..."[:room]
        if self._on and line != self._drawn:
            self._write(f"\r{line}{' ' * (min(len(self._drawn), room) - len(line))}")
            self._drawn = line

    def _clear(self) -> None:
        if self._drawn:
            self._write(f"\r{' ' * min(len(self._drawn), self._width() - 1)}\r")
            self._drawn = ""

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # a terminal that has gone away stops nothing
            self._stream.write(text)
            self._stream.flush()
