"""Lines of text cut to the rows of a screen, by what each character takes of its width."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from prompt_toolkit.formatted_text import ANSI, StyleAndTextTuples, to_formatted_text
from prompt_toolkit.formatted_text.utils import split_lines
from prompt_toolkit.utils import get_cwidth


def cut_rows(texts: Iterable[str], width: int) -> list[StyleAndTextTuples]:
    """Return the texts as rows of at most ``width`` columns."""
    fragments = _merge_runs(to_formatted_text(ANSI("\n".join(texts).expandtabs(4))))
    return [row for line in split_lines(fragments) for row in _cut(line, width)]


def join_rows(found: list[StyleAndTextTuples]) -> StyleAndTextTuples:
    """Return rows as one formatted text."""
    text: StyleAndTextTuples = []
    for number, row in enumerate(found):
        text += [("", "\n"), *row] if number else row
    return text


def _cut(line: StyleAndTextTuples, width: int) -> Iterable[StyleAndTextTuples]:
    """Yield one line's rows, broken at the last space if the row's second half has one."""
    if sum(get_cwidth(text) for _, text, *_ in line) <= width:
        yield line
        return
    row: list[tuple[str, str]] = []
    used = 0
    for style, text, *_ in line:
        for character in text:
            room = get_cwidth(character)
            if used + room > width:
                end = _find_break(row)
                yield list(row[:end])
                row = row[end:]
                used = sum(get_cwidth(kept) for _, kept in row)
            row.append((style, character))
            used += room
    yield list(row)


def _find_break(row: list[tuple[str, str]]) -> int:
    for end in range(len(row), len(row) // 2, -1):
        if row[end - 1][1] == " ":
            return end
    return len(row)


def _merge_runs(fragments: StyleAndTextTuples) -> StyleAndTextTuples:
    """Join fragments, which come character by character, where their style is the same."""
    return [
        (style, "".join(text for _, text, *_ in run))
        for style, run in groupby(fragments, key=lambda fragment: fragment[0])
    ]
