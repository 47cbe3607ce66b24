"""A docstring as Markdown: prose, lists of arguments, formulas and examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

from grader.pages.words import escape

_SECTION = re.compile(r"(Args|Arguments|Attributes|Returns|Yields|Raises|Notes?|Examples?):\s*")
_CODE = re.compile(r"(``.+?``|`[^`]+`)", re.DOTALL)


def prose(docstring: str) -> str:
    """The docstring, which follows Google's style, as Markdown."""
    return "\n\n".join(
        part for block in re.split(r"\n\s*\n", docstring.strip("\n")) for part in _block(block)
    )


def fence(text: str, language: str) -> str:
    """A code block whose fence is longer than any inside it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"


def _block(block: str) -> Iterator[str]:
    first, _, rest = block.partition("\n")
    if _SECTION.fullmatch(first):
        yield f"**{first.strip().rstrip(':')}**"
        if rest:
            yield _section(dedent(rest))
    elif block.lstrip().startswith(">>>"):
        yield fence(dedent(block), "pycon")
    elif first.startswith("    "):
        yield fence(dedent(block), "text")
    else:
        yield _paragraph(block)


def _section(text: str) -> str:
    """The items of a section; lines that are indented go on with the item above them."""
    items: list[str] = []
    for line in text.split("\n"):
        if line.startswith(" ") and items:
            items[-1] += f" {line.strip()}"
        else:
            items.append(line)
    if not all(re.match(r"[*\w., ]+:\s", item) for item in items):
        return _paragraph(text)
    return "\n".join(f"- {_item(item)}" for item in items)


def _item(item: str) -> str:
    name, _, says = item.partition(":")
    return f"`{name}`: {_paragraph(says)}"


def _paragraph(text: str) -> str:
    """Text with its names in code; nothing else in it is Markdown."""
    words = " ".join(text.split())
    return "".join(
        f"`{piece.strip('`')}`" if _CODE.fullmatch(piece) else _spoken(piece)
        for piece in _CODE.split(words)
    )


def _spoken(piece: str) -> str:
    """Escaped, with the blanks at its ends kept."""
    before, after = piece[:1].isspace(), piece[-1:].isspace()
    return " " * before + escape(piece) + " " * (after and bool(piece.strip()))
