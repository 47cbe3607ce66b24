"""The pictures that a journal shows from beside it, by their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from markdown_it.token import Token

from grader.learner.importer.files.kinds import is_picture
from grader.learner.importer.links.addresses import is_beside
from grader.learner.importer.text.pieces import Piece, add_definitions
from grader.learner.importer.text.tokens import parse

_HTML = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*("[^"\n]*"|'[^'\n]*'|[^"'\s>]+)""", re.IGNORECASE)
_OBSIDIAN = re.compile(r"!\[\[([^\]|#\n]+?)(?:\|[^\]\n]*)?\]\]")


def list_addresses(text: str) -> list[str]:
    """Return the addresses of the pictures in a text, in order, each once."""
    if "![" not in text and "<img" not in text.lower():
        return []
    found = [*_list_images(parse(text)), *(f[1].strip("\"'") for f in _HTML.finditer(text))]
    found += [name for found in _OBSIDIAN.findall(text) if is_picture(name := found.strip())]
    return list(dict.fromkeys(found))


def _list_images(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield str(token.attrs.get("src", ""))
        yield from _list_images(token.children or [])


def decode_path(address: str) -> str:
    """Return the path of the file that an address names."""
    return unquote(re.split(r"[?#]", address)[0])


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
