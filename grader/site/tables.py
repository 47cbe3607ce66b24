"""Tables: in Markdown, for cells with links between pages, and in HTML for all else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from grader.site.templating import fill_block

BREAK = Markup("<br>")
"""Between the lines of a cell in a Markdown table."""

SENTENCE = "gw-says"
"""The kind of a cell with a sentence."""


class TableCell(NamedTuple):
    """A cell of a table in HTML: a text, which is escaped, or ``Markup``."""

    content: str | int
    link: str = ""
    """The address that the content leads to."""
    value: str | int | None = None
    """What the column is sorted by where that is not the content."""
    kind: str = ""
    """Its CSS class."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table in HTML."""

    cells: Sequence[TableCell]
    state: str = ""
    """The state that the page can choose rows by."""


def render_markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table of cells that are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def render_html_table(head: Sequence[str], rows: Iterable[TableRow], kind: str) -> Markup:
    """Return a table whose rows are named by their first cells."""
    return fill_block("table.html", head=head, rows=rows, kind=kind, name="", named=True)


def render_scrolling_table(
    name: str, head: Sequence[str], rows: Iterable[TableRow], kind: str
) -> Markup:
    """Return a table with a name, which scrolls by itself where the page is too narrow for it."""
    return fill_block("table.html", head=head, rows=rows, kind=kind, name=name, named=False)
