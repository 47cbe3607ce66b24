"""The pictures that a text shows: their addresses, and the text with others in their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from grader.arrival.blocks import parsed

KINDS = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"))
_HTML = re.compile(r"""(<img\b[^>]*?\bsrc\s*=\s*)(["']?)([^"'\s>]+)\2""", re.IGNORECASE)
_OBSIDIAN = re.compile(r"!\[\[([^\]|#\n]+?)(?:\|[^\]\n]*)?\]\]")
_MARKDOWN = re.compile(r"(\]\(\s*)(<[^>\n]*>|[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)")
_NEAR = re.compile(r"\](?:\(|:)\s*<?(?!https?:|mailto:|#)", re.IGNORECASE)
"""What may be a link to a file, told without reading the text as Markdown."""
_DEFINED = re.compile(r"(?m)^( {0,3}\[[^\]\n]+\]:\s*)(<[^>\n]*>|\S+)")


def addresses(text: str) -> list[str]:
    """The addresses of the pictures in a text, in order, each once."""
    if "![" not in text and "<img" not in text.lower():
        return []
    found = [*_shown(parsed(text)), *(f[3] for f in _HTML.finditer(text))]
    found += [name.strip() for name in _OBSIDIAN.findall(text)]
    return list(dict.fromkeys(found))


def _shown(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield str(token.attrs.get("src", ""))
        yield from _shown(token.children or [])


def links(text: str) -> list[str]:
    """The addresses of files beside the journal that a text links to."""
    if not _NEAR.search(text):
        return []
    found = (str(c.attrs["href"]) for t in parsed(text) for c in _linking(t.children or []))
    return [address for address in dict.fromkeys(found) if is_beside(address)]


def _linking(children: list[Token]) -> Iterator[Token]:
    return (child for child in children if child.type == "link_open" and child.attrs.get("href"))


def is_beside(address: str) -> bool:
    """Whether the address is that of a file beside the journal."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.path) and not parts.scheme and not parts.netloc


def path_of(address: str) -> str:
    """The file's path as the journal says it."""
    return unquote(re.split(r"[?#]", address)[0])


def moved(text: str, to: Mapping[str, str]) -> str:
    """The text with the addresses of pictures replaced, and nothing else touched."""
    if not any(address in text for address in _spellings(to)):
        return text
    spelled = _spellings(to)

    def new(found: re.Match[str]) -> str:
        bare = found[2].removeprefix("<").removesuffix(">")
        return found[1] + spelled.get(bare, found[2])

    text = _DEFINED.sub(new, _MARKDOWN.sub(new, text))
    text = _HTML.sub(lambda f: f"{f[1]}{f[2]}{spelled.get(f[3], f[3])}{f[2]}", text)
    return _OBSIDIAN.sub(
        lambda f: (
            f"![{f[1].strip()}]({spelled[f[1].strip()]})" if f[1].strip() in spelled else f[0]
        ),
        text,
    )


def _spellings(to: Mapping[str, str]) -> dict[str, str]:
    """The addresses as the parser gives them, and as they may stand in the text."""
    return {**{unquote(address): new for address, new in to.items()}, **to}
