"""Check boxes: ``[ ]`` and ``[x]`` in lists, lines and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from grader.learner.importer.claims.status_words import DONE_SIGNS, OPEN_SIGNS, read_status
from grader.learner.importer.text.pieces import Piece
from grader.learner.importer.text.tokens import extract_words, parse, parse_inline

_TICKED, _EMPTY = "xXvV√✓✔✅☑", " /~"
_BOX = re.compile(
    rf"[\[［]\s*(?P<mark>[{_TICKED}/~]|)\ufe0f?\s*[\]］](?:\s+|(?<=[xX√✓✔✅☑][\]］])(?=\w))(?=\S)"
)
_BALLOT = re.compile(r"(?P<mark>[☐☑])\ufe0f?\s*(?=\S)")
_FIRST_SIGN = re.compile(rf"([{DONE_SIGNS}{OPEN_SIGNS}])\ufe0f?\s*(?=\S)")
_LAST_SIGN = re.compile(rf"(?<=\S)\s*([{DONE_SIGNS}{OPEN_SIGNS}])\ufe0f?$")
_LAST_WORD = re.compile(r"(?<=\S)\s*\(([^()]{1,30})\)$")
_HINT = re.compile(rf"[\[［]\s*[{_TICKED}{_EMPTY}]?\ufe0f?\s*[\]］]")

_INPUT = re.compile(r"<input\b[^>]*\bcheckbox\b[^>]*>", re.IGNORECASE)
_CODES = {
    "white_check_mark": "✅",
    "heavy_check_mark": "✔",
    "ballot_box_with_check": "☑",
    "x": "❌",
    "construction": "🚧",
    "white_large_square": "⬜",
    "hourglass": "⏳",
    "hourglass_flowing_sand": "⏳",
}
_CODE = re.compile(rf":({'|'.join(_CODES)}):")


@dataclass(frozen=True, slots=True)
class CheckBox:
    """The words beside a box, whether it is ticked, and its line in the journal."""

    words: str
    done: bool
    line: int


def spell_signs(text: str) -> str:
    """Return a text with the boxes of HTML and the signs of GitHub written out as others are."""
    if "<" in text:
        text = _INPUT.sub(lambda found: "[x]" if "checked" in found[0] else "[ ]", text)
    return _CODE.sub(lambda found: _CODES[found[1]], text)


def read_box(words: str, *, ballots: bool = False) -> tuple[str, bool] | None:
    """Return the words behind a box, and True if it is ticked; None without a box.

    ``☑`` is a box where ``☐`` is one too: with ``ballots``. Alone it may be no more than a bullet.
    """
    found = _BOX.match(words) or (_BALLOT.match(words) if ballots else None)
    if found is None:
        return None
    return words[found.end() :].strip(), found["mark"] in [*_TICKED]


def read_mark(words: str) -> tuple[str, bool] | None:
    """Return the words of a reading without its mark, and True if the mark says that it is read.

    The mark is a box, a sign in front or at the end, or a word in brackets at the end.
    """
    if box := read_box(words, ballots=True):
        return box
    if found := _FIRST_SIGN.match(words):
        return words[found.end() :].strip(), found[1] in DONE_SIGNS
    if found := _LAST_SIGN.search(words):
        return words[: found.start()].strip(), found[1] in DONE_SIGNS
    found = _LAST_WORD.search(words)
    done = None if found is None else read_status("done" if found[1] == "read" else found[1])
    return None if found is None or done is None else (words[: found.start()].strip(), done)


def list_boxes(piece: Piece, *, ballots: bool) -> Iterator[CheckBox]:
    """Yield the boxes of a piece that is no table, those of nested items among them."""
    text = spell_signs(piece.text) if "<input" in piece.text else piece.text
    if piece.head or not (ballots or _HINT.search(text)):
        return
    for token in parse(text):
        if token.type == "inline" and token.map is not None:
            yield from _read_lines(token, piece.line + token.map[0], ballots=ballots)


def _read_lines(token: Token, first: int, *, ballots: bool) -> Iterator[CheckBox]:
    """Yield the boxes of one paragraph; a line without a box goes on with the one above."""
    groups: list[tuple[int, list[str]]] = []
    for number, line in enumerate(token.content.split("\n")):
        if not groups or read_box(_extract(line), ballots=ballots):
            groups.append((number, []))
        groups[-1][1].append(line)
    for number, lines in groups:
        if box := read_box(_extract("\n".join(lines)), ballots=ballots):
            yield CheckBox(box[0], box[1], first + number)


def _extract(text: str) -> str:
    return extract_words(parse_inline(text))
