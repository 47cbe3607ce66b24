"""One key at a time where there is a terminal, one line at a time over a pipe."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TypeVar

import click

from grader.console.paint import paint, say, wrapped

T = TypeVar("T")
ENTER = ""
"""The key Enter, as ``ask`` knows it."""


def ask(prompt: str, keys: Mapping[str, T], end: T) -> T:
    """What the pressed key stands for; ``end`` when nobody is there to press one.

    A key that stands for nothing is passed over; over a pipe a line that does is complained of.
    """
    say(paint(wrapped(prompt), "faint"))
    while True:
        key = _key()
        if key is None:
            return end
        if key in keys:
            return keys[key]
        if not _by_key():
            say(f"{key[:20]!r} is none of: {', '.join(name or 'Enter' for name in keys)}")


def _by_key() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def _key() -> str | None:
    if not _by_key():
        line = sys.stdin.readline() if sys.stdin is not None else ""
        return line.strip().casefold() if line else None
    try:
        key = click.getchar()
    except EOFError:
        return None
    return ENTER if key in ("\r", "\n") else key.casefold()
