"""What the headings above a list say of it, and its items."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from grader.learner.importer.pieces import Heading
from grader.learner.model import ReadingState

_KINDS = {
    "paper": r"papers?",
    "book": r"books?",
    "course": r"courses?|lectures?",
    "codebase": r"codebases?|repos(?:itor(?:y|ies))?|code bases?",
    "video": r"videos?|watch(?:list| list)?|to watch|playlists?",
    "article": r"articles?|blogs?|blog posts?",
}
_WORDS = "|".join(
    (
        *_KINDS.values(),
        r"resources?|readings?(?: lists?)?|to read|inbox|next up|tutorials?|links?|references"
        r"|bibliography",
    )
)
_LISTS = re.compile(
    rf"(?:.* )?(?:{_WORDS})(?:\s*[,/&+(:–—-].*| (?:and|to|for|on|of|i|about|worth)\b.*)?",
    re.IGNORECASE,
)
_TERMS = re.compile(r"glossary|terms?(?: and concepts?)?|vocabulary|definitions|terminology", re.I)
_STATES: tuple[tuple[ReadingState, str], ...] = (
    ("inbox", r"inbox|to read|to watch|backlog|later"),
    ("next", r"next(?: up)?|up next"),
    ("reading", r"(?:currently |now )?(?:reading|watching)(?: now)?|in progress|current"),
    ("done", r"(?:already )?(?:done|read|watched|finished|completed)"),
)
_LONGEST_HEADING = 6
"""Words beyond which a heading is a sentence, not the name of a list."""


def is_reading_list(heading: Heading) -> bool:
    """Return True if a list below this heading is one of things to read."""
    short = len(heading.words.split()) <= _LONGEST_HEADING
    return short and bool(_LISTS.fullmatch(_strip_signs(heading)))


def is_glossary(heading: Heading) -> bool:
    """Return True if a list below this heading is one of terms."""
    short = len(heading.words.split()) <= _LONGEST_HEADING
    return short and bool(_TERMS.match(_strip_signs(heading)))


def find_state(above: Sequence[Heading]) -> ReadingState:
    """Return the reading state that the nearest heading names; ``inbox`` where none does."""
    for heading in reversed(above):
        for name, pattern in _STATES:
            if re.fullmatch(pattern, _strip_signs(heading), re.IGNORECASE):
                return name
    return "inbox"


def find_kind(above: Sequence[Heading]) -> str:
    """Return the kind of resource that the nearest heading names; empty where none does."""
    for heading in reversed(above):
        for name, pattern in _KINDS.items():
            if re.search(rf"\b(?:{pattern})\b", _strip_signs(heading), re.IGNORECASE):
                return name
    return ""


def _strip_signs(heading: Heading) -> str:
    return re.sub(r"^[^\w]+|[^\w)]+$", "", heading.words)


def split_items(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the tokens of each item of the outermost list."""
    items: list[list[Token]] = []
    base = tokens[0].level + 1
    for token in tokens:
        if token.type == "list_item_open" and token.level == base:
            items.append([])
        if items and token.level >= base:
            items[-1].append(token)
    return items


def find_first_line(item: Sequence[Token]) -> Token | None:
    """Return the inline token that an item begins with; None when it begins otherwise."""
    if len(item) > 2 and item[1].type == "paragraph_open":
        return item[2]
    return None


def is_single(item: Sequence[Token]) -> bool:
    """Return True if an item is one paragraph."""
    return sum(token.type == "inline" for token in item) == 1 and len(item) <= 5
