"""Entries of reading lists: title, address and authors as an item says them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from grader.learner.importer.claims.boxes import read_mark
from grader.learner.importer.text.lists import find_first_line
from grader.learner.importer.text.tokens import extract_words

_QUOTED = re.compile(r"[\"“](?P<title>[^\"”]{3,300})[\"”]\s*(?:\((?P<by>[^()]*et al\.?[^()]*)\))?")
_BY = re.compile(
    r"[\s:,–—-]*(?P<what>[^*]{0,40}?)\bby\s+(?P<by>[^\W_][^:*]{1,120}?)\s*\.?", re.IGNORECASE
)
_NAMED = re.compile(r"(?P<title>[^()]{3,300}?)\s*\((?P<by>[^()]*\bet al\.?)[\s,;]*(?:\d{4})?\)")
_BARE_URL = re.compile(r"https?://[^\s<>)\]]+")

_SAYS_NOTHING = re.compile(
    r"(?:here|link|url|pdf|paper|arxiv|video|blog|source|website|github|code|link)s?|🔗|链接|ссылка",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ReadingEntry:
    """An entry of a reading list, as its item says it."""

    title: str
    url: str
    authors: str
    ticked: bool | None = None
    """Whether its box is ticked; None without a box."""


def read_entry(item: Sequence[Token]) -> ReadingEntry | None:
    """Return the entry that an item of a reading list is; None when it names nothing."""
    inline = find_first_line(item)
    if inline is None:
        return None
    box = read_mark(extract_words(inline))
    ticked = box[1] if box else None
    if links := _find_links(inline):
        return _read_linked(inline, links, ticked)
    return _read_titled(box[0] if box else extract_words(inline), ticked)


def _read_linked(
    inline: Token, links: list[tuple[str, str, int]], ticked: bool | None
) -> ReadingEntry:
    """Read an entry with links: the first one is the entry's."""
    title, url, end = links[0]
    by = _BY.fullmatch(_extract_after(inline, end))
    title = title.strip()
    before = _extract_before(inline, links[0])
    if says_nothing(title) and re.search(r"\w", before):
        title = before
    title = title or _name_url(url)
    return ReadingEntry(title, url, by["by"] if by else "", ticked)


def _read_titled(text: str, ticked: bool | None) -> ReadingEntry | None:
    """Read an entry without links: a title in quotes with its authors, or all of its words."""
    if quoted := _QUOTED.fullmatch(text) or _NAMED.fullmatch(text):
        return ReadingEntry(quoted["title"], "", quoted["by"] or "", ticked)
    text = text.strip()
    if not text or "](" in text:  # the latter is a link that Markdown refuses
        return None
    return ReadingEntry(text[:300], "", "", ticked)


def find_author(text: str) -> str:
    """Return the name in ``by Name``; empty when the text says anything else."""
    by = _BY.fullmatch(text)
    return by["by"] if by and not by["what"] else ""


def _find_links(inline: Token) -> list[tuple[str, str, int]]:
    """Return each link's words, its address, and the index of the token after it."""
    found = []
    children = inline.children or []
    for n, child in enumerate(children):
        if child.type == "link_open":
            end = next(m for m in range(n, len(children)) if children[m].type == "link_close")
            inside = Token("inline", "", 0, children=children[n + 1 : end])
            found.append((extract_words(inside), str(child.attrs.get("href", "")), end + 1))
        elif child.type == "text":
            found += [("", url, n + 1) for url in _BARE_URL.findall(child.content)]
    return found


def says_nothing(title: str) -> bool:
    """Return True if the words of a link say only that it is one: "here", "pdf", its address."""
    if title.startswith(("http:", "https:")):
        return True
    return not re.search(r"\w", title) or bool(_SAYS_NOTHING.fullmatch(title.strip()))


def _extract_before(inline: Token, link: tuple[str, str, int]) -> str:
    """Return the words before a link, without the marks between them and a box."""
    words = extract_words(Token("inline", "", 0, children=(inline.children or [])[: link[2]]))
    words = words.partition(link[1])[0].removesuffix(link[0]).strip()
    words = (read_mark(f"{words} .") or (words, False))[0].removesuffix(" .")
    return words.strip(" -–—:|(*")


def _extract_after(inline: Token, end: int) -> str:
    """Return the words after the first link."""
    return extract_words(Token("inline", "", 0, children=(inline.children or [])[end:]))


def _name_url(url: str) -> str:
    """Return a title for an address without one: its last words."""
    parts = [part for part in re.split(r"[/?#]", url.partition("://")[2]) if part]
    return parts[-1] if len(parts) > 1 else (parts or [url])[0]


def list_title_variants(title: str) -> list[str]:
    """Return how a title may be written: whole, without an owner's name, or after its colon."""
    without_owner = re.sub(r"^\w+['’]s?\s+(?=\S)", "", title)
    after_colon = title.partition(":")[2]
    texts = [title, without_owner, *([after_colon] if len(after_colon.split()) > 2 else [])]
    return list(dict.fromkeys(words for text in texts if (words := normalize_title(text))))


def normalize_title(title: str) -> str:
    """Return a title's words in lower case, without punctuation."""
    return " ".join(re.findall(r"\w+", re.sub(r"['’]", "", title.casefold())))
