"""The text of the log: a day in words, and what to append so that Markdown sees it as an item."""

from __future__ import annotations

import re
from datetime import date

from grader.base.errors import NoteError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # operating system commands: titles, links
    r"|[\x1b\x9b]\[?[0-?]*[ -/]*[@-~]"  # colours, cursor, all other sequences
)
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of the text around them."""
_CONFLICT = re.compile(rb"^<{7} .*?^={7}\r?$.*?^>{7} ", re.DOTALL | re.MULTILINE)
"""What git leaves in a file that was changed on both sides of a merge."""


def name_day(day: date) -> str:
    """Return the day in words: ``Sunday, 22 November 2026``, whatever the locale."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def find_conflict(text: bytes) -> int | None:
    """Return the line of git's first conflict marker; None in a file that has none."""
    found = _CONFLICT.search(text)
    return text.count(b"\n", 0, found.start()) + 1 if found else None


def strip_controls(text: str) -> str:
    """Return the text without escape sequences and control characters; lines end in ``\\n``."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _HARMFUL.sub("", text)


def format_item(text: str) -> str:
    """Return the text as one item of a list, its further lines indented."""
    first, *rest = strip_controls(text).strip().split("\n")
    if not first:
        raise NoteError('Nothing to log. Say what you did: grade log "read the BPE paper"')
    return "\n".join([f"- {first}", *(f"  {line}".rstrip() for line in rest)])


def format_addition(before: bytes, day: date, item: str) -> bytes:
    """Return what to append to the file so that the item stands as an item of its own."""
    text = before.decode("utf-8-sig")
    if not text.strip():
        added = f"# {name_day(day)}\n\n{item}\n"
    else:
        added = ("" if text.endswith("\n") else "\n") + _close_open_block(text) + f"{item}\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    return added.replace("\n", newline).encode("utf-8")


def format_block(before: bytes, opening: str, block: str) -> bytes:
    """Return what to append so that a block stands by itself; a new file gets the opening too."""
    text = before.decode("utf-8-sig")
    added = block.strip("\n") + "\n"
    if not text.strip():
        added = f"{opening}\n{added}" if opening else added
    else:
        unix = text.replace("\r\n", "\n")
        end = ("" if unix.endswith("\n") else "\n") + _close_open_block(unix)
        blank = (unix + end).endswith("\n\n")
        added = end + ("" if blank else "\n") + added
    return added.replace("\n", "\r\n" if "\r\n" in text else "\n").encode("utf-8")


def _close_open_block(text: str) -> str:
    """Return what an item needs before it in Markdown: the end of a fence, a blank line."""
    from markdown_it import MarkdownIt

    probe = "groundwork-probe"
    lines = text if text.endswith("\n") else text + "\n"
    tokens = MarkdownIt("commonmark").parse(f"{lines}- {probe}\n")
    last = next((token for token in reversed(tokens) if probe in token.content), None)
    if last and last.type == "fence":
        return f"{last.markup}\n\n"
    if last and last.type == "html_block" and last.content.lstrip().startswith("<!--"):
        return "-->\n\n"
    if lines.endswith(("\n\n", "\r\n\r\n")):
        return ""
    lists = [token.map for token in tokens if (token.type, token.level) == ("bullet_list_open", 0)]
    return "" if any(_reaches_past(span, lines) for span in lists) else "\n"


def _reaches_past(span: list[int] | None, lines: str) -> bool:
    """Return True if a block that began before the end of the text reaches past it."""
    end = lines.count("\n")
    return span is not None and span[0] < end < span[1]
