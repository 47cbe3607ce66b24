"""One key at a time where there is a terminal, one line at a time over a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeVar

import click

from grader.console.paint import paint, say, wrapped

T = TypeVar("T")
ENTER = ""
"""The key Enter, as ``ask`` knows it."""
_END, _ESCAPE = "\x04", "\x1b"
Settings = list[Any] | None
"""Of a terminal, as the system gives them."""


class Keys:
    """Who presses keys, or writes lines; what was typed ahead is not lost.

    Use it as a context manager: it leaves the terminal as it was.
    """

    def __init__(self) -> None:
        self._ahead = ""
        self._before: Settings = None

    def __enter__(self) -> Keys:
        self._before = _by_key_alone() if _by_key() else None
        return self

    def __exit__(self, *error: object) -> None:
        _as_before(self._before)

    def ask(self, prompt: str, keys: Mapping[str, T], end: T) -> T:
        """What the pressed key stands for; ``end`` when nobody is there to press one.

        A key that stands for nothing is passed over; a line over a pipe that does is named.
        """
        say(paint(wrapped(prompt), "faint"))
        sys.stdout.flush()
        while (key := self._key()) is not None:
            if key in keys:
                return keys[key]
            if not _by_key():
                say(f"{key[:20]!r} is none of: {', '.join(name or 'Enter' for name in keys)}")
        return end

    def _key(self) -> str | None:
        if not _by_key():
            line = sys.stdin.readline() if sys.stdin is not None else ""
            return line.strip().casefold() if line else None
        key = self._next()
        if key in ("", _END):
            return None
        return ENTER if key in ("\r", "\n") else key.casefold()

    def _next(self) -> str:
        """The next character; an escape sequence, such as an arrow's, is one."""
        if not self._ahead:
            self._ahead = _pressed()
        if self._ahead.startswith(_ESCAPE):
            key, self._ahead = self._ahead, ""
        else:
            key, self._ahead = self._ahead[:1], self._ahead[1:]
        return key


def _by_key() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


if sys.platform == "win32":

    def _by_key_alone() -> Settings:
        """A console reads single keys without being told."""
        return None

    def _as_before(settings: Settings) -> None:
        """Nothing was changed."""

    def _pressed() -> str:
        try:
            return click.getchar()
        except EOFError:
            return ""

else:
    import termios
    import tty

    def _by_key_alone() -> Settings:
        """Let keys through one by one, unechoed, and throw away none; the settings before."""
        handle = sys.stdin.fileno()
        before = termios.tcgetattr(handle)
        tty.setcbreak(handle, termios.TCSADRAIN)
        return before

    def _as_before(settings: Settings) -> None:
        if settings is not None:
            with suppress(termios.error):  # a terminal that has gone away
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, settings)

    def _pressed() -> str:
        """What was typed; nothing when the terminal has gone away."""
        _by_key_alone()  # also after it was stopped and taken up again
        try:
            return os.read(sys.stdin.fileno(), 64).decode("utf-8", "replace")
        except OSError:
            return ""
