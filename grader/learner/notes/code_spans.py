"""The code in a text, whose letters are never taken for markup: fences, and spans in a line."""

from __future__ import annotations

import re
from collections.abc import Callable

_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)")
_FENCE = re.compile(r"(?:[-*+][ \t]|\d+[.)][ \t]|>|[ \t])*(`{3,}|~{3,})")
"""Its parts exclude one another, so that a line of many blanks takes no longer than others."""


def replace_outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return the text with ``change`` made to all that is not code."""
    if "`" not in text and "~~~" not in text:
        return change(text)
    return "".join(part if is_code else change(part) for part, is_code in split_code(text))


def split_code(text: str) -> list[tuple[str, bool]]:
    """Return the text in parts, each with True if it is code."""
    parts: list[tuple[str, bool]] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        opens = _FENCE.match(line)
        if fence:
            parts.append((line, True))
            is_end = opens and opens[1].startswith(fence) and not line.strip(" >`~\r\n\t")
            fence = "" if is_end else fence
        elif opens and not (opens[1][0] == "`" and "`" in line[opens.end() :]):
            fence = opens[1]
            parts.append((line, True))
        else:
            parts += _split_line(line)
    return _join_alike(parts)


def _split_line(line: str) -> list[tuple[str, bool]]:
    parts, at = [], 0
    for code in _CODE.finditer(line):
        parts += [(line[at : code.start()], False), (code[0], True)]
        at = code.end()
    return [*parts, (line[at:], False)]


def _join_alike(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Join neighbours of one kind, so that markup may go on over the end of a line."""
    joined: list[tuple[str, bool]] = []
    for text, is_code in parts:
        if joined and joined[-1][1] == is_code:
            joined[-1] = joined[-1][0] + text, is_code
        elif text:
            joined.append((text, is_code))
    return joined
