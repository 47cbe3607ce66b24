"""One line of a terminal that is drawn again and again, and is gone in the end."""

from __future__ import annotations

import os
from contextlib import suppress
from types import TracebackType
from typing import Self, TextIO

ECHO = 2
"""Columns that the terminal may have written behind the line: ``^C``."""


class RedrawnLine:
    """A line that is drawn only where the stream is a terminal which can take a line back.

    Use it as a context manager: the line is gone at the end.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._on = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._drawn = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()
        self._on = False

    def draw(self, line: str) -> None:
        """Write the line over the old one, and blanks over what is left of that."""
        room = self._get_width() - 1
        if len(line) > room:
            line = line[: max(0, room - 3)] + "..."[:room]
        if self._on and line != self._drawn:
            self._write(f"\r{line}{' ' * (min(len(self._drawn), room) - len(line))}")
            self._drawn = line

    def clear(self) -> None:
        """Take the line away."""
        if self._drawn:
            blanks = min(len(self._drawn) + ECHO, self._get_width() - 1)
            self._write(f"\r{' ' * blanks}\r")
            self._drawn = ""

    def _get_width(self) -> int:
        with suppress(OSError, ValueError):
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        return 80

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # a terminal that has gone away stops nothing
            self._stream.write(text)
            self._stream.flush()
