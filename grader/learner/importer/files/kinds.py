"""What a file in a journal's folder is, by its name and size: brought as a note, or left out."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote

FileKind = Literal["markdown", "text", "org", "table", "page", "notebook", "picture", "other"]

PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"))

_KINDS: dict[str, FileKind] = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".qmd", ".rmd"), "markdown"),
    **dict.fromkeys((".txt", ".text"), "text"),
    **dict.fromkeys((".csv", ".tsv"), "table"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "page"),
    **dict.fromkeys(PICTURES, "picture"),
    ".org": "org",
    ".ipynb": "notebook",
}
_MARKUP = {".rst", ".adoc", ".asciidoc", ".tex", ".docx", ".odt", ".rtf", ".pdf", ".one", ".enex"}
"""Texts in forms that are not read."""
_TOOLS = re.compile(
    r"(?:dev-|test-)?requirements.*|constraints.*|licen[cs]e.*|copying.*|cmakelists|robots|humans"
    r"|vocab.*|merges.*|words|tiny-?shakespeare|input|.*_?corpus|.*tokens|stop-?words.*",
    re.IGNORECASE,
)
"""Names of text files that programs read."""
_LARGEST_TEXT = 300_000
"""Bytes beyond which a text or a table in a folder is taken for data."""
_LARGEST_TABLE = 100_000


def find_kind(name: str) -> FileKind:
    """Return what the file is, by its ending."""
    return _KINDS.get(PurePosixPath(name).suffix.lower(), "other")


def is_picture(address: str) -> bool:
    """Return True if an address ends as that of a picture does."""
    return find_kind(unquote(re.split(r"[?#]", address)[0])) == "picture"


def explain_left_out(name: str, size: int) -> str:
    """Return why a file of a folder is not brought; empty if it is, or if it is a picture."""
    path = PurePosixPath(name)
    kind, ending = find_kind(name), path.suffix.lower()
    if path.name.lower().endswith(".excalidraw.md"):
        return "a drawing of Excalidraw; export it as SVG"
    if kind == "text" and _TOOLS.fullmatch(path.stem):
        return "a file for programs by its name; name it itself to import it"
    most = {"text": _LARGEST_TEXT, "page": _LARGEST_TEXT * 4, "table": _LARGEST_TABLE}.get(kind)
    if most is not None and size > most:
        return f"{size:,} bytes, taken for data; name it itself to import it"
    if ending in _MARKUP:
        return f"{ending} is not read; convert it to Markdown, with Pandoc for instance"
    return "not a text for notes" if kind == "other" else ""
