"""A docstring as Markdown: prose, lists of arguments, formulas and examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from textwrap import dedent

from grader.site.formatting import escape_markdown

_SECTION = re.compile(r"(Args|Arguments|Attributes|Returns|Yields|Raises|Notes?|Examples?):\s*")
_CODE = re.compile(r"(``.+?``|`[^`]+`)", re.DOTALL)


Escape = Callable[[str], str]


def render_docstring(docstring: str, escape: Escape = escape_markdown) -> str:
    """Return a docstring in Google's style as Markdown; ``escape`` is applied to its prose."""
    return "\n\n".join(
        part
        for block in re.split(r"\n\s*\n", docstring.strip("\n"))
        for part in _render_block(block, escape)
    )


def render_code_block(text: str, language: str) -> str:
    """Return a code block whose fence is longer than any inside it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"


def _render_block(block: str, escape: Escape) -> Iterator[str]:
    first, _, rest = block.partition("\n")
    if _SECTION.fullmatch(first):
        yield f"**{first.strip().rstrip(':')}**"
        if rest:
            yield _render_section(dedent(rest), escape)
    elif block.lstrip().startswith(">>>"):
        yield render_code_block(dedent(block), "pycon")
    elif first.startswith("    "):
        yield render_code_block(dedent(block), "text")
    else:
        yield _render_paragraph(block, escape)


def _render_section(text: str, escape: Escape) -> str:
    """Render the items of a section; an indented line continues the item above it."""
    items: list[str] = []
    for line in text.split("\n"):
        if line.startswith(" ") and items:
            items[-1] += f" {line.strip()}"
        else:
            items.append(line)
    if not all(re.match(r"[*\w., ]+:\s", item) for item in items):
        return _render_paragraph(text, escape)
    return "\n".join(f"- {_render_item(item, escape)}" for item in items)


def _render_item(item: str, escape: Escape) -> str:
    name, _, says = item.partition(":")
    return f"`{name}`: {_render_paragraph(says, escape)}"


def _render_paragraph(text: str, escape: Escape) -> str:
    """Render text with its names in code; nothing else in it is Markdown."""
    words = " ".join(text.split())
    return "".join(
        f"`{piece.strip('`')}`" if _CODE.fullmatch(piece) else _render_prose(piece, escape)
        for piece in _CODE.split(words)
    )


def _render_prose(piece: str, escape: Escape) -> str:
    """Escape the text, and keep the blanks at its ends."""
    before, after = piece[:1].isspace(), piece[-1:].isspace()
    return " " * before + escape(piece) + " " * (after and bool(piece.strip()))
