"""What an item of a list is: an entry of a reading list, or one of a check list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from grader.arrival.blocks import words
from grader.arrival.claims import box
from grader.arrival.found import Heading
from grader.learner import ReadingState

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
_NAMED = re.compile(r"[\"“](?P<title>[^\"”]{3,300})[\"”]\s*(?:\((?P<by>[^()]*et al\.?[^()]*)\))?")
_BY = re.compile(
    r"[\s:,–—-]*(?P<what>[^*]{0,40}?)\bby\s+(?P<by>[^\W_][^:*]{1,120}?)\s*\.?", re.IGNORECASE
)
_LONGEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of a reading list, as its item says it."""

    title: str
    url: str
    authors: str
    whole: bool
    """Whether nothing else stands in the item."""
    ticked: bool | None = None
    """What its box says, where it has one."""


def is_reading_list(heading: Heading) -> bool:
    """Whether a list below this heading is one of things to read."""
    short = len(heading.words.split()) <= _LONGEST_HEADING
    return short and bool(_LISTS.fullmatch(_bare(heading)))


def is_glossary(heading: Heading) -> bool:
    """Whether a list below this heading is one of terms."""
    return bool(_TERMS.match(_bare(heading))) and len(heading.words.split()) <= _LONGEST_HEADING


def state(above: Sequence[Heading]) -> ReadingState:
    """Where the headings say that the learner is with what stands below them."""
    for heading in reversed(above):
        for name, pattern in _STATES:
            if re.fullmatch(pattern, _bare(heading), re.IGNORECASE):
                return name
    return "inbox"


def kind(above: Sequence[Heading]) -> str:
    """What the headings say that it is; empty where they do not."""
    for heading in reversed(above):
        for name, pattern in _KINDS.items():
            if re.search(rf"\b(?:{pattern})\b", _bare(heading), re.IGNORECASE):
                return name
    return ""


def _bare(heading: Heading) -> str:
    return re.sub(r"^[^\w]+|[^\w)]+$", "", heading.words)


def items(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens of each item of the outermost list."""
    found: list[list[Token]] = []
    base = tokens[0].level + 1
    for token in tokens:
        if token.type == "list_item_open" and token.level == base:
            found.append([])
        if found and token.level >= base:
            found[-1].append(token)
    return found


def first_line(item: Sequence[Token]) -> Token | None:
    """The inline token that opens an item."""
    if len(item) > 2 and item[1].type == "paragraph_open":
        return item[2]
    return None


def is_single(item: Sequence[Token]) -> bool:
    """Whether an item is one paragraph."""
    return sum(token.type == "inline" for token in item) == 1 and len(item) <= 5


def source(item: Sequence[Token]) -> Source | None:
    """The entry that an item of a reading list is; None when it names nothing."""
    inline = first_line(item)
    if inline is None:
        return None
    said = box(words(inline))
    ticked = said[1] if said else None
    if links := _links(inline):
        return _linked(inline, links, is_single(item), ticked)
    return _named(said[0] if said else words(inline), is_single(item), ticked)


def _linked(
    inline: Token, links: list[tuple[str, str, int]], single: bool, ticked: bool | None
) -> Source:
    title, url, end = links[0]
    before, after = _around(inline, end, title)
    by = _BY.fullmatch(after)
    rest = (by["what"] if by else after).strip(" :,.–—-")
    before = "" if box(before + "x") else before.strip(" :")
    whole = single and len(links) == 1 and not rest and not before
    return Source(title or _called(url), url, by["by"] if by else "", whole, ticked)


def _named(text: str, single: bool, ticked: bool | None) -> Source | None:
    quoted = _NAMED.fullmatch(text)
    if quoted:
        return Source(quoted["title"], "", quoted["by"] or "", single, ticked)
    text = text.strip()
    if "](" in text:  # a link that Markdown refuses
        return None
    return Source(text[:300], "", "", single and len(text) <= 300, ticked) if text else None


def author(text: str) -> str:
    """The name in ``by Name``; empty when the text says anything else."""
    by = _BY.fullmatch(text)
    return by["by"] if by and not by["what"] else ""


def likenesses(title: str) -> list[str]:
    """The words by which a title is known: its own, without an owner, and those after a colon."""
    bare = re.sub(r"^\w+['’]s?\s+(?=\S)", "", title)
    after = title.partition(":")[2]
    told = [title, bare, *([after] if len(after.split()) > 2 else [])]
    return list(dict.fromkeys(words for text in told if (words := plain_words(text))))


def plain_words(title: str) -> str:
    """A title's words, whatever their case and marks."""
    return " ".join(re.findall(r"\w+", re.sub(r"['’]", "", title.casefold())))


def _links(inline: Token) -> list[tuple[str, str, int]]:
    """Each link's words, its address, and the index after it."""
    found = []
    children = inline.children or []
    for n, child in enumerate(children):
        if child.type == "link_open":
            end = next(m for m in range(n, len(children)) if children[m].type == "link_close")
            inside = Token("inline", "", 0, children=children[n + 1 : end])
            found.append((words(inside), str(child.attrs.get("href", "")), end + 1))
        elif child.type == "text":
            found += [
                ("", bare, n + 1) for bare in re.findall(r"https?://[^\s<>)\]]+", child.content)
            ]
    return found


def _around(inline: Token, end: int, title: str) -> tuple[str, str]:
    """The words before the first link, and those after it."""
    children = inline.children or []
    before = words(Token("inline", "", 0, children=children[:end])).removesuffix(title)
    after = words(Token("inline", "", 0, children=children[end:]))
    return re.sub(r"https?://\S+", "", before).strip(), after


def _called(url: str) -> str:
    """A title for an address without one: its last words."""
    parts = [part for part in re.split(r"[/?#]", url.partition("://")[2]) if part]
    return parts[-1] if len(parts) > 1 else (parts or [url])[0]
