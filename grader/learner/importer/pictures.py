"""Pictures and links to files beside the journal: their addresses, and how to replace them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from grader.learner.importer.contents import Remark
from grader.learner.importer.pieces import Piece, add_definitions
from grader.learner.importer.tokens import parse

KINDS = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"))
_HTML = re.compile(r"""(<img\b[^>]*?\bsrc\s*=\s*)(["']?)([^"'\s>]+)\2""", re.IGNORECASE)
_OBSIDIAN = re.compile(r"!\[\[([^\]|#\n]+?)(?:\|[^\]\n]*)?\]\]")
_MARKDOWN = re.compile(r"(\]\(\s*)(<[^>\n]*>|[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)")
_NEAR = re.compile(r"\](?:\(|:)\s*<?(?!https?:|mailto:|#)", re.IGNORECASE)
"""What may be a link to a file: a quick test that saves parsing most texts."""
_DEFINED = re.compile(r"(?m)^( {0,3}\[[^\]\n]+\]:\s*)(<[^>\n]*>|\S+)")


def list_addresses(text: str) -> list[str]:
    """Return the addresses of the pictures in a text, in order, each once."""
    if "![" not in text and "<img" not in text.lower():
        return []
    found = [*_list_images(parse(text)), *(f[3] for f in _HTML.finditer(text))]
    found += [name.strip() for name in _OBSIDIAN.findall(text)]
    return list(dict.fromkeys(found))


def _list_images(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield str(token.attrs.get("src", ""))
        yield from _list_images(token.children or [])


def list_links(text: str) -> list[str]:
    """Return the addresses of files beside the journal that a text links to."""
    if not _NEAR.search(text):
        return []
    children = (child for token in parse(text) for child in token.children or [])
    found = (str(c.attrs.get("href") or "") for c in children if c.type == "link_open")
    return [address for address in dict.fromkeys(found) if is_beside(address)]


def is_beside(address: str) -> bool:
    """Return True if the address is that of a file beside the journal."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.path) and not parts.scheme and not parts.netloc


def decode_path(address: str) -> str:
    """Return the path of the file that an address names."""
    return unquote(re.split(r"[?#]", address)[0])


def replace_addresses(text: str, to: Mapping[str, str]) -> str:
    """Return the text with the addresses of pictures replaced, and nothing else changed.

    The addresses are replaced in the text itself, because the learner's own Markdown has to stay
    as it is: parsing it and writing the tokens again would reformat it.
    """
    spelled = _add_spellings(to)
    if not any(address in text for address in spelled):
        return text

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


def _add_spellings(to: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses as the parser gives them, and as they may be written in the text."""
    return {**{unquote(address): new for address, new in to.items()}, **to}


def list_pictures(
    pieces: Sequence[Piece], definitions: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """Yield the addresses of the pictures beside the journal, each once, with their lines."""
    seen = set()
    for piece in pieces:
        for address in list_addresses(add_definitions(piece.text, definitions)):
            if address not in seen and is_beside(address):
                seen.add(address)
                yield address, piece.line


def remark_links(pieces: Sequence[Piece], definitions: Mapping[str, str]) -> Iterator[Remark]:
    """Yield a remark for each link to a file beside the journal, which is not copied."""
    for piece in pieces:
        for address in list_links(add_definitions(piece.text, definitions)):
            text = f"links to {address}, which is not imported; on the site this link is broken"
            yield Remark(piece.line, text)
