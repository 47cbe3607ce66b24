"""Words in colour where there is a terminal that wants it, and plain words elsewhere."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import click

from grader.base.printable import sanitize

COLOURS = {"good": "green", "bad": "red", "odd": "yellow", "name": "cyan"}
_MARK = re.compile(r" *(?:(?:[-+*>]|\d+[.)]?) +|\w{1,11}  +)(?=\S)")
"""What a line begins with when its text goes on below itself: ``- ``, ``1. ``, ``Lesson  ``."""
_BESIDE = 30
"""With fewer columns beside an entry's name, its text goes below."""
_COLUMNS: ContextVar[int | None] = ContextVar("columns", default=None)
_CAPTURED: ContextVar[list[str] | None] = ContextVar("captured", default=None)


def is_coloured() -> bool:
    """Return whether to use colour: a terminal, no NO_COLOR, no TERM=dumb; not for captures."""
    return _CAPTURED.get() is None and _takes_colour()


@cache
def _takes_colour() -> bool:
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def paint(text: str, kind: str) -> str:
    """Return the text in the colour of its kind: good, bad, odd, name, strong or faint."""
    if not is_coloured():
        return text
    if kind in COLOURS:
        return click.style(text, fg=COLOURS[kind])
    return click.style(text, bold=(kind == "strong") or None, dim=(kind == "faint") or None)


def say(text: str = "") -> None:
    """Print prose on standard output; on a terminal no word is cut at its edge."""
    if not _capture_line(text):
        click.echo(fold(text) if sys.stdout.isatty() else text, color=is_coloured() or None)


def say_exactly(text: str) -> None:
    """Print text that a program or a shell will read, such as JSON, as it is."""
    if not _capture_line(text):
        click.echo(text, color=is_coloured() or None)


def say_all(lines: Iterable[str]) -> None:
    """Print each piece of text on standard output."""
    for line in lines:
        say(line)


def complain(text: str) -> None:
    """Print one piece of text on standard error."""
    text = sanitize(text, 100_000)
    if not _capture_line(text):
        click.echo(fold(text) if sys.stderr.isatty() else text, err=True)


@contextmanager
def capture_text(columns: int) -> Iterator[list[str]]:
    """Collect what this thread says or complains of within; nothing of it is printed."""
    lines: list[str] = []
    token = _CAPTURED.set(lines)
    try:
        with set_columns(columns):
            yield lines
    finally:
        _CAPTURED.reset(token)


def _capture_line(text: str) -> bool:
    """Keep a piece of text if text is captured; return whether it is."""
    lines = _CAPTURED.get()
    if lines is None:
        return False
    lines.append(text)
    return True


def get_terminal_width() -> int:
    """Return how many columns there are."""
    return _COLUMNS.get() or _read_columns() or 100


def _read_columns() -> int:
    """Return the columns that the environment or else the terminal gives; 0 where neither does."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns
    except (OSError, ValueError):
        return 0


@contextmanager
def set_columns(number: int) -> Iterator[None]:
    """Write for that many columns, whatever the terminal says of itself."""
    token = _COLUMNS.set(number)
    try:
        yield
    finally:
        _COLUMNS.reset(token)


def get_width() -> int:
    """Return how many columns prose may take."""
    return max(20, min(get_terminal_width(), 110))


def fold(text: str, room: int = 0) -> str:
    """Return text with the lines that are wider than the terminal broken between words.

    A broken line goes on below its own indent; below its text where it begins with a mark or a
    label. ``room`` columns are left free at the end of each line.
    """
    columns = max(10, get_terminal_width() - room)
    return "\n".join(_fold_line(line, columns) for line in text.split("\n"))


def _fold_line(line: str, columns: int) -> str:
    if measure(line) <= columns:
        return line
    plain = click.unstyle(line)
    mark = _MARK.match(plain)
    indent = mark.end() if mark else len(plain) - len(plain.lstrip())
    return hang("", line, indent if indent <= columns // 2 else 2, columns)


def hang(head: str, text: str, indent: int, columns: int) -> str:
    """Return text after its head, in lines of at most so many columns, indented from the second on.

    No word is broken: one that does not fit at the indent moves to the left, as far as it must.
    """
    lines, width = [head], measure(head)
    for gap, word in re.findall(r"(\s*)(\S+)", text.expandtabs(4)):
        size = measure(word)
        if width + len(gap) + size <= columns:
            lines[-1] += gap + word
            width += len(gap) + size
            continue
        at = max(0, min(indent, columns - size))
        if lines[-1].strip():
            lines.append("")
        lines[-1] = " " * at + word
        width = at + size
    return "\n".join(lines)


def measure(text: str) -> int:
    """Return how many columns a line takes: colours take none, East Asian letters two."""
    plain = click.unstyle(text) if "\x1b" in text else text
    return len(plain) if plain.isascii() else sum(map(_measure_letter, plain))


def _measure_letter(letter: str) -> int:
    from unicodedata import combining, east_asian_width

    return 0 if combining(letter) else 1 + (east_asian_width(letter) in "WF")


def wrap(text: str, indent: str = "", first: str | None = None) -> str:
    """Return prose within the width, each paragraph for itself."""
    start = indent if first is None else first
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        wrapped = hang(start, paragraph, len(indent), get_width())
        lines.append(wrapped if paragraph.strip() else "")
        start = indent
    return "\n".join(lines)


def _fill(paragraph: str, start: str, indent: str, width: int) -> list[str]:
    return hang(start, paragraph, len(indent), width).split("\n") if paragraph.strip() else []


def paint_words(text: str, kind: str) -> str:
    """Return the text with each word painted, so that it may be broken between any two."""
    return " ".join(paint(word, kind) if word else word for word in text.split(" "))


def format_entry(mark: str, name: str, column: int, text: str, tail: str = "") -> str:
    """Return an entry of a list: its mark, its name, and the text beside it or below it.

    The tail is fainter. Over a pipe an entry is one line.
    """
    body = f"{text}  {paint_words(tail, 'faint')}" if tail else text
    head = f"{mark} {name}{' ' * (column - measure(name))}"
    columns = _COLUMNS.get() or _read_columns()
    if not columns:
        return f"{head}  {body}".rstrip()
    beside = measure(head) + 2
    if columns - beside >= _BESIDE:
        return hang(f"{head}  ", body, beside, columns).rstrip()
    below = measure(mark) + 1
    return f"{head.rstrip()}\n{hang(' ' * below, body, below, columns)}".rstrip()


def shorten(text: str, most: int) -> str:
    """Return the text, cut between two words where it has more than ``most`` characters."""
    if len(text) <= most:
        return text
    end = text.rfind(" ", 0, most - 1)
    return f"{text[: end if end > most // 2 else most - 2]} …"


def count_noun(number: int, noun: str) -> str:
    """Return ``1 card`` or ``3 cards``."""
    return f"{number} {noun}{'s' * (number != 1)}"


def label_text(label: str, text: str) -> str:
    """Return ``  want   ...``: a label, and the text beside it, line by line.

    A line is as it is where the terminal is wide enough; else it goes on, further in, in the next.
    Where a word is too long to stand beside the label, the text is below it.
    """
    width = max(20, get_terminal_width())
    start, indent = f"  {paint(label, 'faint')}", " " * 9
    start += " " * (len(indent) - len(click.unstyle(start)))
    lines: list[str] = []
    if max(map(len, text.split()), default=0) > width - len(indent):
        lines, start, indent = [start.rstrip()], " " * 4, " " * 4
    for line in text.splitlines() or [""]:
        if len(indent) + len(line) <= width:
            lines.append(start + line)
        else:
            further = " " * (len(line) - len(line.lstrip()))
            lines += _fill(line.lstrip(), start + further, f"{indent}  {further}", width)
        start = indent
    return "\n".join(lines)


def join_fitting(pieces: Iterable[str], gap: str, indent: str) -> str:
    """Return pieces side by side, and on a line of its own each one for which there is no room.

    For commands and the like, which are copied whole: a piece is cut only where it has no room on
    a line of its own.
    """
    first, *rest = pieces
    lines, width = first.split("\n"), get_width()
    for piece in rest:
        longer = f"{lines[-1]}{gap}{piece}"
        if len(click.unstyle(longer)) <= width:
            lines[-1] = longer
        elif len(indent) + len(click.unstyle(piece)) <= width:
            lines.append(indent + piece)
        else:
            lines += _fill(piece, indent, indent, width)
    return "\n".join(lines)


def draw_bar(done: int, total: int) -> str:
    """Return a bar of ASCII: ``#####...............``, shorter where there is little room."""
    cells = 20 if get_terminal_width() >= 60 else 8
    filled = cells * done // total if total else 0
    return paint("#" * filled, "good") + paint("." * (cells - filled), "faint")


def label_line(label: str, text: str) -> str:
    """Return ``Lesson  ...``: a label in bold, and prose beside it, wrapped under itself."""
    head = f"{label:<8}"
    return wrap(text, " " * len(head), head).replace(label, paint(label, "strong"), 1)
