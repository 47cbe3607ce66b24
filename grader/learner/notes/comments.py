"""What a text in Obsidian keeps from its readers: ``%%comments%%``, and the ``^ids`` of blocks."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from grader.learner.notes.code_spans import split_code

_COMMENT = re.compile(r"(?<!\w)%%(?!%).*?%%|^[ \t]*%%[ \t]*$.*\Z", re.DOTALL | re.MULTILINE)
"""A pair of marks, or a line with one alone, which hides all that follows."""
_ID = re.compile(
    r"(?:^|[ \t]+)\^(?=[\w-]*[A-Za-z])[A-Za-z0-9][A-Za-z0-9-]+[ \t]*$"
    r"(?=\s*\Z|\n[ \t]*(?:\n|[-*+>|#]|\d+[.)]))",
    re.MULTILINE,
)
"""The name of a block, at its end: links lead to it, and nobody reads it."""


def add_comments(parser: MarkdownIt) -> None:
    """Add the rule that hides comments and ids before the text is parsed."""
    parser.core.ruler.after("normalize", "comments", _hide)


def _hide(state: StateCore) -> None:
    state.src = remove_comments(state.src)


def remove_comments(text: str) -> str:
    """Return the text without comments and ids, each line where it was; code stays whole."""
    if "%%" in text:
        text = _remove(_COMMENT, text)
    return _remove(_ID, text) if "^" in text else text


def _remove(pattern: re.Pattern[str], text: str) -> str:
    """Replace by their line ends what matches; code matches nothing."""
    parts, at = [], 0
    for found in pattern.finditer(_mask_code(text)):
        parts += [text[at : found.start()], "\n" * found[0].count("\n")]
        at = found.end()
    return "".join([*parts, text[at:]])


def _mask_code(text: str) -> str:
    """Return the text with each letter of its code replaced."""
    parts = split_code(text)
    return "".join(re.sub(r"[^\n]", "x", part) if is_code else part for part, is_code in parts)
