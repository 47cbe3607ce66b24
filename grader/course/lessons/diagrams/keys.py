"""The keys of each kind of diagram; the loader's shapes check them and name faults by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.course.lessons.diagrams.diagram import STYLES
from grader.course.loader.faults import FaultReport
from grader.course.loader.nodes import Node, Scalar
from grader.course.loader.scalars import Choice, Number, Text
from grader.course.loader.schema import Key, ListOf, Record
from grader.course.loader.values import Value

WIDEST_INDEX = 400
_REAL = Number(-1e9, 1e9, fraction=True)
_STYLE = Key(Choice(STYLES[:-1]), f"one of {', '.join(STYLES[:-1])}", optional=True)
_TITLE = Key(Text(), "a few words above it", optional=True)
_INDEX = Number(0, WIDEST_INDEX)


class _Short:
    """A short text, also one that YAML would take for a number."""

    def read(self, node: Node, name: str, report: FaultReport) -> Value | None:
        """Return the text as written."""
        if isinstance(node, Scalar) and (node.text.strip() or not node.plain):
            return Value(node.text.strip(), node.line, node.column)
        report.add(node, f"{name} is not a text", "write a few words")
        return None

    def build_schema(self) -> dict[str, Any]:
        """Return the schema of a string or a number."""
        return {"type": ["string", "number"]}


_SHORT = _Short()
_GRID = Record(
    {
        "title": _TITLE,
        "rows": Key(_SHORT, "labels of the rows, with | between them", optional=True),
        "columns": Key(_SHORT, "labels of the columns, with | between them", optional=True),
        "cells": Key(_SHORT, "a line for each row, with | between the cells"),
        "scale": Key(
            ListOf(_REAL, count=2), "the numbers with the least and the most shade", optional=True
        ),
    }
)
_SPAN = {
    "start": Key(_INDEX, "the cell where it begins, from 0"),
    "end": Key(_INDEX, "the cell where it ends"),
    "style": _STYLE,
}
_STRIP = Record(
    {
        "title": _TITLE,
        "cells": Key(_SHORT, "the cells, with | between them"),
        "numbered": Key(Choice(("below",)), "below: each cell has its index", optional=True),
        "arcs": Key(
            ListOf(Record({**_SPAN, "text": Key(_SHORT, "its label", optional=True)})),
            "arrows above the cells",
            optional=True,
        ),
        "brackets": Key(
            ListOf(Record({**_SPAN, "text": Key(_SHORT, "its label")})),
            "bars below the cells, one to a line",
            optional=True,
        ),
    }
)
_CURVE = Record(
    {
        "text": Key(_SHORT, "what it is, for the legend", optional=True),
        "formula": Key(_SHORT, "in x, as in Python: exp(-x)", optional=True),
        "points": Key(ListOf(ListOf(_REAL, count=2)), "[x, y], ...", optional=True),
        "style": _STYLE,
        "dots": Key(Choice(("shown",)), "shown: each point has a dot", optional=True),
    }
)
_PART = Record(
    {
        "value": Key(Number(0, 1e9, fraction=True), "its length"),
        "text": Key(_SHORT, "its text", optional=True),
        "style": _STYLE,
    }
)
_BAR = Record(
    {
        "label": Key(_SHORT, "the text above the bar"),
        "parts": Key(ListOf(_PART, least=1), "its parts from left to right"),
        "shown": Key(_SHORT, "the figure at its end, with its unit", optional=True),
    }
)
_ARROW = Record(
    {
        "angle": Key(_REAL, "in degrees, counter-clockwise"),
        "text": Key(_SHORT, "its label", optional=True),
        "length": Key(Number(0, 3, fraction=True), "1 reaches the circle", optional=True),
        "style": _STYLE,
    }
)
_PLANE = Record({"title": _TITLE, "arrows": Key(ListOf(_ARROW, least=1), "the arrows")})
_STOP = Record(
    {
        "text": Key(_SHORT, "the text in the box"),
        "on": Key(
            Choice(("branch", "line")), "line: a step on the main line itself", optional=True
        ),
        "note": Key(_SHORT, "a few words beside it", optional=True),
        "style": _STYLE,
    }
)
_STREAM = Record(
    {
        "start": Key(_SHORT, "what comes in, at the bottom"),
        "stops": Key(ListOf(_STOP, least=1), "what it passes, from the bottom up"),
        "end": Key(_SHORT, "what goes out, at the top"),
    }
)
KINDS: Mapping[str, Mapping[str, Key]] = {
    "grids": {
        "grids": Key(ListOf(_GRID, least=1), "the grids from left to right"),
        "between": Key(_SHORT, "a sign between two grids, such as →", optional=True),
    },
    "strips": {"strips": Key(ListOf(_STRIP, least=1), "the strips from top to bottom")},
    "merges": {
        "pieces": Key(_SHORT, "the pieces in order, with | between them"),
        "merges": Key(ListOf(_SHORT, least=1), "pairs in the order of their merges: t | h"),
    },
    "plot": {
        "x": Key(ListOf(_REAL, count=2), "the ends of the horizontal axis"),
        "y": Key(ListOf(_REAL, count=2), "the ends of the vertical axis"),
        "across": Key(_SHORT, "what the horizontal axis shows", optional=True),
        "up": Key(_SHORT, "what the vertical axis shows", optional=True),
        "curves": Key(ListOf(_CURVE, least=1), "the curves"),
    },
    "bars": {"bars": Key(ListOf(_BAR, least=1), "the bars from top to bottom")},
    "planes": {"planes": Key(ListOf(_PLANE, least=1), "the planes from left to right")},
    "streams": {"streams": Key(ListOf(_STREAM, least=1), "the streams from left to right")},
}
COMMON = {
    "draw": Key(Choice(tuple(KINDS)), f"one of {', '.join(KINDS)}"),
    "words": Key(Text(), "what the diagram shows, for those who cannot see it"),
}
