"""What looks like a day and stays in the note: the lines to name, so that nothing is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from grader.learner.importer.contents import Remark
from grader.learner.importer.dates.calendar_names import normalize
from grader.learner.importer.dates.labels import is_about_other
from grader.learner.importer.dates.meanings import WrittenDate, make_date
from grader.learner.importer.dates.parser import parse_date
from grader.learner.importer.text.day_lines import strip_markup
from grader.learner.importer.text.pieces import Piece

_START = re.compile(
    r"(?<!\w)(?:start(?:ed|ing|s)?|beg[iau]n\w*|inicio|iniciado|comienzo|debut|commence|inizio|poczatek"
    r"|baslangic|начало|начал|begonnen|gestartet)(?!\w)(?:\s(?:date|on|am|em|el|le|op|dne))*|开始|開始|시작"
)
_LABEL = re.compile(r"[^\W\d_]{3,12}\s?:\s?")
_LONGEST = 300
_MARKER = re.compile(r"^\s*(?:[-*+]|\d+[.)]|\||>|#+)\s*(?:\[[ xX]\]\s*)?")


def find_hints(pieces: Sequence[Piece], known: set[int]) -> Iterator[Remark]:
    """Yield the lines of these pieces that look like a day; ``known`` are named already."""
    for piece in pieces:
        if piece.head and _is_dated_head(piece.head):
            known.add(piece.line)
            yield Remark(piece.line, piece.head.split("\n")[0])
        in_code = False
        for n, line in enumerate(piece.text.split("\n")):
            in_code ^= line.lstrip().startswith(("```", "~~~"))
            if in_code or piece.line + n in known or not any(mark.isdigit() for mark in line):
                continue
            words = strip_markup(_MARKER.sub("", line))
            if len(words) < _LONGEST and _looks_like_day(words, line, is_row=bool(piece.head)):
                yield Remark(piece.line + n, words)


@lru_cache(maxsize=16)
def _is_dated_head(head: str) -> bool:
    cells = [parse_date(strip_markup(cell)) for cell in head.split("\n")[0].split("|")]
    return sum(cell is not None and cell.is_whole for cell in cells) > 1


def _looks_like_day(words: str, line: str, *, is_row: bool) -> bool:
    if is_row:
        cells = [parse_date(cell) for cell in words.split("|")]
        return any(cell and cell.is_whole and cell.year for cell in cells)
    label = _LABEL.match(words)
    is_own = label is not None and not is_about_other(normalize(label[0]))
    written = parse_date(words[label.end() :] if label is not None and is_own else words)
    return written is not None and not written.weak and _stands_out(written, line)


def _stands_out(written: WrittenDate, line: str) -> bool:
    """Return True if a line begins with a date and a mark, or is an item that ends with a date."""
    if not written.leads:
        return written.year is not None and bool(re.match(r"\s*(?:[-*+]|\d+[.)])\s", line))
    return written.is_whole or written.year is not None or written.mark in tuple(":|-~>,(")


def find_start(lines: Sequence[str]) -> date | None:
    """Return the day that a line like ``Start: 2025-07-20`` names; None where there is none."""
    for line in lines:
        text = normalize(strip_markup(line)) if any(mark.isdigit() for mark in line) else ""
        for found in _START.finditer(text):
            written = parse_date(text[found.end() :].lstrip(" :=([-"))
            if written and written.leads and written.year and len(written.readings) < 2:
                return make_date(written, written.year)
    return None
