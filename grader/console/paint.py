"""Words in colour where there is a terminal that wants it, and plain words elsewhere."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import click

from grader.harmless import harmless

COLOURS = {"good": "green", "bad": "red", "odd": "yellow", "name": "cyan"}
_COLUMNS: ContextVar[int | None] = ContextVar("columns", default=None)


@cache
def coloured() -> bool:
    """Whether to colour: a terminal, no NO_COLOR, no TERM=dumb."""
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def paint(text: str, kind: str) -> str:
    """The text in the colour of its kind: good, bad, odd, name, strong or faint."""
    if not coloured():
        return text
    if kind in COLOURS:
        return click.style(text, fg=COLOURS[kind])
    return click.style(text, bold=(kind == "strong") or None, dim=(kind == "faint") or None)


def say(text: str = "") -> None:
    """One piece of text on standard output."""
    click.echo(text, color=coloured() or None)


def say_all(lines: Iterable[str]) -> None:
    """Each piece of text on standard output."""
    for line in lines:
        say(line)


def complain(text: str) -> None:
    """One piece of text on standard error."""
    click.echo(harmless(text, 100_000), err=True)


def terminal_width() -> int:
    """Columns that there are."""
    return _COLUMNS.get() or _columns_said() or 100


def _columns_said() -> int:
    """What the environment or else the terminal says; 0 where neither does."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns
    except (OSError, ValueError):
        return 0


@contextmanager
def columns(number: int) -> Iterator[None]:
    """Write for that many columns, whatever the terminal says of itself."""
    token = _COLUMNS.set(number)
    try:
        yield
    finally:
        _COLUMNS.reset(token)


def width() -> int:
    """Columns to write prose in."""
    return max(20, min(terminal_width(), 110))


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """Prose within the width, each paragraph for itself."""
    start = indent if first is None else first
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += textwrap.wrap(
            paragraph,
            width(),
            initial_indent=start,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
        start = indent
    return "\n".join(lines)


def labelled(label: str, text: str) -> str:
    """``  want   ...``: a label, and the text beside it, line by line as it is."""
    head, *rest = text.splitlines() or [""]
    lines = [f"  {paint(f'{label:<7}', 'faint')}{head}", *(f"         {line}" for line in rest)]
    return "\n".join(lines)


def bar(done: int, total: int, cells: int = 20) -> str:
    """A bar of ASCII: ``#####...............``."""
    filled = cells * done // total if total else 0
    return paint("#" * filled, "good") + paint("." * (cells - filled), "faint")
