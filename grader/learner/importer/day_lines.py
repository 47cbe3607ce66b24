"""Lines that serve as the heading of a day without being one in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.learner.importer.date_readings import WrittenDate
from grader.learner.importer.dates import parse_date
from grader.learner.importer.pieces import Heading

_LEVEL = 7
"""The level of a line in bold."""
_TAG = re.compile(r"\s*<h(?P<n>[1-6])\b[^>]*>(?P<words>.*?)</h(?P=n)>\s*", re.IGNORECASE)
_LONGEST = 200
_LEAD = re.compile(r"\W*(?:on|for|from|at|in|am|vom|le|du|el|em|op|от|с)\s", re.IGNORECASE)
_DIGITS = re.compile(r"\W*\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}日?(?!\w)")


def split_lines(lines: list[str], start: int, kind: str) -> Iterator[Heading | tuple[int, int]]:
    """Yield the headings in a paragraph or in a block of HTML, and the lines between them.

    ``<h3>`` alone on its line is a heading, as on GitHub. A line of a paragraph is one if it is a
    date, or if it begins with a date and a colon or dash, like the paragraph's first line.
    """
    begin = 0
    is_log = False
    for n, line in enumerate(lines):
        heading = _read_tag(line, start + n) if kind == "html_block" else None
        if kind == "paragraph_open" and (is_log or n == 0 or len(line) < _LONGEST):
            heading = _read_day_line(line, start + n, may_go_on=is_log or n == 0)
        if heading is None:
            continue
        is_log = is_log or n == 0
        if n > begin:
            yield start + begin, start + n
        yield heading
        begin = n + 1
    if begin < len(lines):
        yield start + begin, start + len(lines)


def _read_tag(line: str, number: int) -> Heading | None:
    found = _TAG.fullmatch(line)
    if found is None:
        return None
    return Heading(int(found["n"]), strip_markup(found["words"]), line.strip(), number + 1)


def _read_day_line(line: str, number: int, *, may_go_on: bool) -> Heading | None:
    """Return the heading that a line is if it is a date; ``may_go_on`` allows text behind it."""
    words = strip_markup(line)
    written = parse_date(words)
    if written is None or not written.leads or not (written.is_whole or may_go_on):
        return None
    if not may_go_on and (line.rstrip().endswith(".") or _LEAD.match(words)):
        return None  # a line of a sentence: "and the meeting\non 5 August 2021."
    if written.is_whole or _is_log_line(words, written):
        return Heading(_LEVEL, words.rstrip(":"), line.strip(), number + 1)
    return None


def _is_log_line(words: str, written: WrittenDate) -> bool:
    """Return True if a mark follows the date, or if it is one in digits: ``20.07.2025 read``."""
    if written.weak:
        return False
    in_digits = written.year is not None and bool(_DIGITS.match(words))
    return in_digits or written.tail[:1] in tuple(":|-~>·•")


def strip_markup(line: str) -> str:
    """Return the words of a line without emphasis, tags and the addresses of links."""
    line = re.sub(r"</?[a-zA-Z][^>]*>", " ", line)
    line = re.sub(r"!?\[\[([^\]|]*\|)?([^\]]*)\]\]|!?\[([^\]]*)\]\([^)]*\)", r"\2\3", line)
    line = re.sub(r"[*`]+|(?<!\w)_+|_+(?!\w)", "", line)
    return " ".join(line.split())


def read_summary(text: str) -> str:
    """Return the words of the ``<summary>`` with which a fold begins; empty for other HTML."""
    found = re.match(r"\s*<details\b[^>]*>\s*<summary\b[^>]*>(.*?)</summary>", text, re.I | re.S)
    return strip_markup(found[1]) if found else ""


def count_folds(text: str) -> int:
    """Return how many folds a piece of HTML opens beyond those that it closes."""
    return len(re.findall(r"<details\b", text, re.I)) - len(re.findall(r"</details>", text, re.I))
