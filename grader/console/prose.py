"""Markdown as a terminal can show it: paragraphs, lists, code, tables and formulas as text."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

from markdown_it.token import Token

from grader.console.paint import paint, width
from grader.harmless import harmless
from grader.notes import markup

_BULLET = "- "
_CODE = "    "
_MARKING = frozenset(
    ("b", "i", "u", "em", "strong", "code", "kbd", "sub", "sup", "mark", "small", "del", "ins")
)
"""HTML tags that only mark the words between them; others, such as ``<pad>``, are words."""
_NARROW = 12
"""Columns that text keeps, however deep it is indented."""


def prose(text: str) -> list[str]:
    """The text's lines, within the terminal's width; code keeps its own lines."""
    page = _Page()
    for token in markup.tokens(text):
        page.take(token)
    return page.lines


def spoken(text: str) -> str:
    """Markdown of one line, such as a question, without its marks."""
    words = " ".join(_words(token) for token in markup.inline(text))
    return harmless(" ".join(words.split()), 2000)


@dataclass(slots=True)
class _Page:
    """The lines so far, and how what comes next is indented."""

    lines: list[str] = field(default_factory=list)
    indents: list[str] = field(default_factory=list)
    """What each line of the lists and quotations around begins with."""
    marks: list[str] = field(default_factory=list)
    """For each list around, ``- `` or the number of its next item."""
    mark: str = ""
    """What the next line begins with in place of the last indent."""
    cells: list[str] | None = None
    close: bool = False
    """Whether an item or a row may follow without a blank line."""

    def take(self, token: Token) -> None:
        """Add what one token says."""
        kind = token.type
        if kind in ("fence", "code_block"):
            self._code(token.content)
        elif kind in ("math_block", "amsmath", "math_block_label"):
            self._code(token.content.strip())
        elif kind == "html_block":
            self._paragraph(_without_tags(token.content))
        elif kind == "hr":
            self._paragraph("---")
        elif kind == "inline":
            self._inline(token)
        elif kind.startswith(("bullet_list", "ordered_list", "list_item")):
            self._list(token)
        elif kind.startswith(("blockquote", "callout_", "alert_")) and "title" not in kind:
            self.indents.append("> ") if token.nesting == 1 else self.indents.pop()
        elif kind in ("tr_open", "tr_close"):
            self._row(token)

    def _inline(self, token: Token) -> None:
        if self.cells is not None:
            self.cells.append(" ".join(_words(token).split()))
        else:
            self._paragraph(_words(token))

    def _row(self, token: Token) -> None:
        if token.nesting == 1:
            self.cells = []
        elif self.cells is not None:
            row, self.cells = " | ".join(self.cells), None
            self._paragraph(row, close=True)

    def _list(self, token: Token) -> None:
        if token.type == "list_item_open":
            self.mark = self.marks[-1]
            self.indents.append(" " * len(self.mark))
            if self.mark != _BULLET:
                number = int(self.mark.partition(".")[0]) + 1
                self.marks[-1] = f"{number}. "
        elif token.type == "list_item_close":
            self.indents.pop()
            self.mark = ""
        elif token.nesting == 1:
            start = token.attrs.get("start", 1)
            self.marks.append(_BULLET if token.type == "bullet_list_open" else f"{start}. ")
        else:
            self.marks.pop()
            self.close = bool(self.marks)

    def _paragraph(self, text: str, close: bool = False) -> None:
        """Prose, wrapped; items of lists and rows of tables follow each other closely."""
        close = close or bool(self.mark)
        if self.lines and not (self.close and close):
            self.lines.append("")
        self.close = close or bool(self.marks)
        for line in harmless(text, 20_000).split("\n"):
            first, rest = self._begin()
            room = max(_NARROW, width() - len(rest))
            wrapped = textwrap.wrap(line, room, break_on_hyphens=False) or [""]
            self.lines += [(rest if n else first) + part for n, part in enumerate(wrapped)]

    def _code(self, text: str) -> None:
        if self.lines and not (self.close and self.mark):
            self.lines.append("")
        self.close = bool(self.marks)
        for line in harmless(text, 20_000).rstrip("\n").split("\n"):
            first, _ = self._begin()
            self.lines.append(first + _CODE + paint(line, "name"))

    def _begin(self) -> tuple[str, str]:
        rest = "".join(self.indents)
        first = "".join(self.indents[:-1]) + self.mark if self.mark else rest
        self.mark = ""
        return first, rest


def _words(inline: Token) -> str:
    return "".join(_said(child) for child in inline.children or []).strip()


def _said(token: Token) -> str:
    match token.type:
        case "text" | "text_special":
            return token.content
        case "code_inline":
            return f"`{token.content}`"
        case "math_inline" | "math_inline_double":
            return f"${token.content.strip()}$"
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "html_inline":
            return _tag(token.content)
        case "image":
            return f"[picture: {token.content}]"
        case "link_close" | "link_open":
            return ""
    return token.content if not token.tag else ""


def _tag(html: str) -> str:
    """What an HTML tag comes to: a new line, nothing, or itself where it is no tag of a page."""
    name = re.sub(r"[^a-z]", "", html.casefold())
    if name == "br":
        return "\n"
    return "" if name in _MARKING else html


def _without_tags(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
