"""Markdown as a terminal can show it: paragraphs, lists, code, tables and formulas as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from grader.base.printable import sanitize
from grader.cli.console.terminal import get_width, hang, paint
from grader.learner.notes import markup

_BULLET = "- "
_CODE = "    "
_MARKING = frozenset(
    ("b", "i", "u", "em", "strong", "code", "kbd", "sub", "sup", "mark", "small", "del", "ins")
)
"""HTML tags that only mark the words between them; others, such as ``<pad>``, are words."""
_NARROW = 12
"""Columns that text keeps, however deep it is indented."""


def render_markdown(text: str) -> list[str]:
    """Return the text's lines, within the terminal's width; code keeps its own lines."""
    page = _MarkdownWriter()
    for token in markup.parse(text):
        page.add(token)
    return page.lines


def strip_markdown(text: str) -> str:
    """Return the text of one line of Markdown, such as a question, without its marks."""
    words = " ".join(_join_words(token) for token in markup.parse_inline(text))
    return sanitize(" ".join(words.split()), 2000)


@dataclass(slots=True)
class _MarkdownWriter:
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

    def add(self, token: Token) -> None:
        """Add what one token says."""
        kind = token.type
        if kind in ("fence", "code_block"):
            self._add_code(token.content)
        elif kind in ("math_block", "amsmath", "math_block_label"):
            self._add_code(token.content.strip())
        elif kind == "html_block":
            self._add_paragraph(_strip_tags(token.content))
        elif kind == "hr":
            self._add_paragraph("---")
        elif kind == "inline":
            self._add_inline(token)
        elif kind.startswith(("bullet_list", "ordered_list", "list_item")):
            self._add_list(token)
        elif kind.startswith(("blockquote", "callout_", "alert_")) and "title" not in kind:
            self.indents.append("> ") if token.nesting == 1 else self.indents.pop()
        elif kind in ("dd_open", "dd_close"):
            self.indents.append(_CODE) if token.nesting == 1 else self.indents.pop()
        elif kind in ("tr_open", "tr_close"):
            self._add_row(token)

    def _add_inline(self, token: Token) -> None:
        if self.cells is not None:
            self.cells.append(" ".join(_join_words(token).split()))
        else:
            self._add_paragraph(_join_words(token))

    def _add_row(self, token: Token) -> None:
        if token.nesting == 1:
            self.cells = []
        elif self.cells is not None:
            row, self.cells = " | ".join(self.cells), None
            self._add_paragraph(row, close=True)

    def _add_list(self, token: Token) -> None:
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

    def _add_paragraph(self, text: str, close: bool = False) -> None:
        """Add prose, wrapped; items of lists and rows of tables follow each other closely."""
        close = close or bool(self.mark)
        if self.lines and not (self.close and close):
            self.lines.append("")
        self.close = close or bool(self.marks)
        for line in sanitize(text, 20_000).split("\n"):
            first, rest = self._begin_line()
            room = max(_NARROW, get_width() - len(rest))
            wrapped = hang("", line.strip(), 0, room).split("\n")
            self.lines += [(rest if n else first) + part for n, part in enumerate(wrapped)]

    def _add_code(self, text: str) -> None:
        if self.lines and not (self.close and self.mark):
            self.lines.append("")
        self.close = bool(self.marks)
        for line in sanitize(text, 20_000).rstrip("\n").split("\n"):
            first, _ = self._begin_line()
            self.lines.append(first + _CODE + paint(line, "name"))

    def _begin_line(self) -> tuple[str, str]:
        rest = "".join(self.indents)
        first = "".join(self.indents[:-1]) + self.mark if self.mark else rest
        self.mark = ""
        return first, rest


def _join_words(inline: Token) -> str:
    return "".join(_convert_token(child) for child in inline.children or []).strip()


def _convert_token(token: Token) -> str:
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
            return _convert_tag(token.content)
        case "image":
            return f"[picture: {token.content}]"
        case "link_close" | "link_open":
            return ""
    return token.content if not token.tag else ""


def _convert_tag(html: str) -> str:
    """Return the text for an HTML tag: a new line, nothing, or itself where it is no HTML."""
    name = re.sub(r"[^a-z]", "", html.casefold())
    if name == "br":
        return "\n"
    return "" if name in _MARKING else html


def _strip_tags(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
