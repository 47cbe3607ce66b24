"""One key at a time where there is a terminal, one line at a time over a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal, TypeVar

import click

from grader.cli.console.terminal import paint, say, wrap

T = TypeVar("T")
ENTER = ""
"""The key Enter, as ``ask`` knows it."""
Step = Literal["on", "skip", "quit"]
STEP_KEYS: dict[str, Step] = {ENTER: "on", "s": "skip", "q": "quit"}
"""The keys that go on to the next thing, or leave it."""
_END, _ESCAPE = "\x04", "\x1b"
TerminalSettings = list[Any] | None
"""Of a terminal, as the system gives them."""


class Keyboard:
    """Reads keys, or lines over a pipe; what was typed ahead is not lost.

    Use it as a context manager: it leaves the terminal as it was.
    """

    def __init__(self) -> None:
        self._ahead = ""
        self._before: TerminalSettings = None

    def __enter__(self) -> Keyboard:
        self._before = _enter_key_mode() if _has_terminal() else None
        return self

    def __exit__(self, *error: object) -> None:
        _restore_mode(self._before)

    def ask(self, prompt: str, keys: Mapping[str, T], end: T) -> T:
        """Return what the pressed key stands for; ``end`` when nobody is there to press one.

        A key that stands for nothing is passed over; a line over a pipe that does is named.
        """
        say(paint(wrap(prompt), "faint"))
        sys.stdout.flush()
        while (key := self._read_key()) is not None:
            if key in keys:
                return keys[key]
            if not _has_terminal():
                named = ", ".join(name or "Enter" for name in keys)
                say(f"unknown key {key[:20]!r}; the keys are {named}")
        return end

    def _read_key(self) -> str | None:
        if not _has_terminal():
            line = sys.stdin.readline() if sys.stdin is not None else ""
            return line.strip().casefold() if line else None
        key = self._take_character()
        if key in ("", _END):
            return None
        return ENTER if key in ("\r", "\n") else key.casefold()

    def _take_character(self) -> str:
        """Return the next character; an escape sequence, such as an arrow's, is one.

        A terminal sends the sequence in one piece, and so it is read: whatever follows Escape in
        that piece is taken for its rest, or ``[A`` of an arrow would be the keys ``[`` and ``a``.
        """
        if not self._ahead:
            self._ahead = _read_keys()
        if self._ahead.startswith(_ESCAPE):
            key, self._ahead = self._ahead, ""
        else:
            key, self._ahead = self._ahead[:1], self._ahead[1:]
        return key


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


if sys.platform == "win32":

    def _enter_key_mode() -> TerminalSettings:
        """Do nothing: a console reads single keys as it is."""
        return None

    def _restore_mode(settings: TerminalSettings) -> None:
        """Do nothing: nothing was changed."""

    def _read_keys() -> str:
        try:
            return click.getchar()
        except EOFError:
            return ""

else:
    import termios
    import tty

    def _enter_key_mode() -> TerminalSettings:
        """Let keys through one by one, unechoed, and lose none; return the settings before."""
        handle = sys.stdin.fileno()
        before = termios.tcgetattr(handle)
        # TCSADRAIN and not tty's default TCSAFLUSH, which throws away what was typed ahead.
        tty.setcbreak(handle, termios.TCSADRAIN)
        return before

    def _restore_mode(settings: TerminalSettings) -> None:
        if settings is not None:
            with suppress(termios.error):  # a terminal that has gone away
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, settings)

    def _read_keys() -> str:
        """Return what was typed; nothing when the terminal has gone away."""
        # Each time: after Ctrl-Z and ``fg`` the shell has put its own mode back.
        _enter_key_mode()
        try:
            return os.read(sys.stdin.fileno(), 64).decode("utf-8", "replace")
        except OSError:
            return ""
