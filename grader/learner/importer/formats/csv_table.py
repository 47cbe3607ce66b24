"""A file of values between commas, as a table in Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

_MARKS = ",;\t|"


def convert_csv(text: str, title: str) -> str:
    """Return the rows as a table below a heading; empty where there are no rows."""
    rows = [row for row in _read_rows(text) if any(cell.strip() for cell in row)]
    if not rows:
        return ""
    width = max(map(len, rows))
    lines = [_format_row(row, width) for row in rows]
    return "\n".join([f"# {title}", "", lines[0], _format_row(["---"] * width, width), *lines[1:]])


def _read_rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=_find_mark(text)))


def _find_mark(text: str) -> str:
    """Return what stands between the values: what the first line has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_MARKS, key=lambda mark: (first.count(mark), -_MARKS.index(mark)))


def _format_row(cells: Sequence[str], width: int) -> str:
    shown = [_escape(cell) for cell in [*cells, *[""] * (width - len(cells))]]
    return f"| {' | '.join(shown)} |"


def _escape(cell: str) -> str:
    lines = [line.strip() for line in cell.replace("|", r"\|").splitlines()]
    return "<br>".join(line for line in lines if line)
