"""Lines that serve as the heading of a day without being one in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.learner.importer.dates.meanings import WrittenDate
from grader.learner.importer.dates.parser import parse_date
from grader.learner.importer.text.pieces import Heading

_LEVEL = 7
"""The level of a line in bold."""
_TAG = re.compile(
    r"\s*(?:<(?P<outer>center|div|p)\b[^>]*>\s*)?<h(?P<n>[1-6])\b[^>]*>(?P<words>.*?)</h(?P=n)>\s*"
    r"(?:</(?P=outer)>\s*)?",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPED = re.compile(r"\s*<(p|div|center|b|strong)\b[^>]*>.*</\1>\s*", re.IGNORECASE)
_LONGEST = 200
_LEAD = re.compile(r"\W*(?:on|for|from|at|in|am|vom|le|du|el|em|op|от|с)\s", re.IGNORECASE)
_DIGITS = re.compile(r"\W*\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}日?(?!\w)")


def split_lines(lines: list[str], start: int, kind: str) -> Iterator[Heading | tuple[int, int]]:
    """Yield the headings in a paragraph or in a block of HTML, and the lines between them.

    ``<h3>`` alone on its line is a heading, as on GitHub. A line of a paragraph is one if it is a
    date, or if it begins with a date and a colon or dash, like the paragraph's first line.
    """
    found = list(_find_tags(lines, start) if kind == "html_block" else _find_lines(lines, start))
    begin = 0
    for first, end, heading in found:
        if first > begin:
            yield start + begin, start + first
        yield heading
        begin = end
    if begin < len(lines):
        yield start + begin, start + len(lines)


def _find_lines(lines: list[str], start: int) -> Iterator[tuple[int, int, Heading]]:
    """Yield the lines of a paragraph that are days; each with where it begins and ends."""
    is_log = False
    for n, line in enumerate(lines):
        may_go_on = is_log or n == 0
        heading = _read_day_line(line, start + n, may_go_on=may_go_on)
        if heading is not None and (may_go_on or len(line) < _LONGEST):
            is_log = is_log or n == 0
            yield n, n + 1, heading


def _find_tags(lines: list[str], start: int) -> Iterator[tuple[int, int, Heading]]:
    """Yield the headings in a block of HTML, and its lines that are only a date."""
    n = 0
    while n < len(lines):
        end = min(n + 3, len(lines))
        spans = ((stop, "\n".join(lines[n:stop])) for stop in range(n + 1, end + 1))
        tag = next(((stop, found) for stop, text in spans if (found := _TAG.fullmatch(text))), None)
        heading = None
        if tag is not None:
            text = "\n".join(lines[n : tag[0]]).strip()
            heading = Heading(int(tag[1]["n"]), strip_markup(tag[1]["words"]), text, start + n + 1)
        elif _WRAPPED.fullmatch(lines[n]):
            heading = _read_day_line(lines[n], start + n, may_go_on=False)
        stop = tag[0] if tag is not None else n + 1
        if heading is not None:
            yield n, stop, heading
        n = stop


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
    return in_digits or written.mark in tuple(":|-~>·•")


def strip_markup(line: str) -> str:
    """Return the words of a line without emphasis, tags and the addresses of links."""
    line = re.sub(r"</?[a-zA-Z][^<>]*>", " ", line)
    line = re.sub(r"!?\[\[([^\[\]|]*\|)?([^\[\]]*)\]\]|!?\[([^\[\]]*)\]\([^()]*\)", r"\2\3", line)
    line = re.sub(r"[*`]+|(?<!\w)_+|_+(?!\w)", "", line)
    return " ".join(line.split())


def read_summary(text: str) -> str:
    """Return the words of the ``<summary>`` with which a fold begins; empty for other HTML."""
    found = re.match(r"\s*<details\b[^>]*>\s*<summary\b[^>]*>(.*?)</summary>", text, re.I | re.S)
    return strip_markup(found[1]) if found else ""


def count_folds(text: str) -> int:
    """Return how many folds a piece of HTML opens beyond those that it closes."""
    return len(re.findall(r"<details\b", text, re.I)) - len(re.findall(r"</details>", text, re.I))
