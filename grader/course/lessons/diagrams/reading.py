"""Reads a diagram's description: a few lines of YAML in a lesson's block ``diagram``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from grader.course.lessons.diagrams import diagram as data
from grader.course.lessons.diagrams.diagram import MARKS, Cell, Diagram, Drawable
from grader.course.lessons.diagrams.keys import COMMON, KINDS
from grader.course.loader.faults import FaultReport
from grader.course.loader.nodes import Node, Pairs, Scalar, compose
from grader.course.loader.schema import Record
from grader.course.loader.values import Value


def read_diagram(text: str, report: FaultReport, line: int) -> Diagram | None:
    """Return a lesson's diagram; None, with every fault in ``report``, where it is unsound.

    Args:
        text: The block's content, padded so that its lines have the lesson's numbers.
        report: Collects the faults.
        line: Where the block begins in the lesson.
    """
    node = compose(text, report)
    kind = _find_kind(node)
    if node is None:
        return None
    record = Record({**COMMON, **KINDS.get(kind, {})})
    before = len(report.faults)
    value = record.read(node, "the diagram", report)
    if value is None or len(report.faults) > before:
        return None
    drawable = _BUILDERS[kind](value, report)
    if len(report.faults) > before:
        return None
    return Diagram(drawable, value.value["words"].value, line)


def _find_kind(node: Node | None) -> str:
    pairs = node.pairs if isinstance(node, Pairs) else ()
    for key, value in pairs:
        if isinstance(key, Scalar) and key.text == "draw" and isinstance(value, Scalar):
            return value.text.strip()
    return ""


_T = TypeVar("_T")


def _build_each(
    value: Value, key: str, build: Callable[[Value, FaultReport], _T], report: FaultReport
) -> Any:
    return tuple(build(item, report) for item in value.get_items(key))


def _read_text(value: Value, key: str, default: str = "") -> str:
    found = value.get(key)
    return str(found.value) if found else default


def _split(value: Value | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.value.split("|")) if value else ()


def read_cells(line: str) -> tuple[Cell, ...]:
    """Return the cells of one line: ``=a | b | .`` has a strong one, a plain one and a gap."""
    cells = []
    for part in line.split("|"):
        text = part.strip()
        if text == ".":
            cells.append(Cell("", "gap"))
        elif text[:1] in MARKS:
            cells.append(Cell(text[1:].strip(), MARKS[text[0]]))
        else:
            cells.append(Cell(text.removeprefix("\\")))
    return tuple(cells)


def _build_grid(value: Value, report: FaultReport) -> data.Grid:
    cells = value.value["cells"]
    rows = tuple(read_cells(line) for line in cells.value.split("\n"))
    scale = value.get("scale")
    ends = scale.strip_places() if scale else None
    if ends and not ends[0] < ends[1]:
        report.add(
            scale or value,
            "the first number of the scale is not smaller than the second",
            "write the smaller number first",
        )
    elif ends and not all(_is_number(c.text) for row in rows for c in row if c.style == "plain"):
        report.add(cells, "a cell is not a number", "leave out the scale, or give a mark")
    return data.Grid(
        rows,
        _read_text(value, "title"),
        _split(value.get("rows")),
        _split(value.get("columns")),
        ends,
    )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text.replace("−", "-"))) if text else True
    except ValueError:
        return False


def _build_grids(value: Value, report: FaultReport) -> Drawable:
    return data.Grids(
        _build_each(value, "grids", _build_grid, report), _read_text(value, "between")
    )


def _build_strip(value: Value, report: FaultReport) -> data.Strip:
    cells = read_cells(value.value["cells"].value)
    spans = [*value.get_items("arcs"), *value.get_items("brackets")]
    for span in spans:
        for end in ("start", "end"):
            if (at := span.value[end]).value >= len(cells):
                report.add(at, f"there is no cell {at.value}", f"the last is {len(cells) - 1}")
    for bracket in value.get_items("brackets"):
        if bracket.value["start"].value > bracket.value["end"].value:
            report.add(bracket, "the bracket ends before it starts", "swap start and end")
    return data.Strip(
        cells,
        _read_text(value, "title"),
        bool(value.get("numbered")),
        tuple(data.Arc(*_read_span(arc)) for arc in value.get_items("arcs")),
        tuple(data.Bracket(*_read_span(bar)) for bar in value.get_items("brackets")),
    )


def _read_span(value: Value) -> tuple[int, int, str, str]:
    start, end = value.value["start"].value, value.value["end"].value
    return start, end, _read_text(value, "text"), _read_text(value, "style", "plain")


def _build_strips(value: Value, report: FaultReport) -> Drawable:
    return data.Strips(_build_each(value, "strips", _build_strip, report))


def _build_merges(value: Value, report: FaultReport) -> Drawable:
    pieces = _split(value.value["pieces"])
    known, merges = set(pieces), []
    for item in value.get_items("merges"):
        pair = _split(item)
        if len(pair) != 2 or not set(pair) <= known:
            report.add(
                item,
                "this is not a pair of known pieces",
                "write two pieces that exist by then: t | h",
            )
            continue
        known.add("".join(pair))
        merges.append((pair[0], pair[1]))
    return data.Merges(pieces, tuple(merges))


def _build_curve(value: Value, report: FaultReport) -> data.Curve:
    from grader.course.lessons.diagrams.plots import is_formula

    formula, points = value.get("formula"), value.get("points")
    if (formula is None) == (points is None):
        report.add(
            value, "a curve has both a formula and points, or neither", "give one of the two"
        )
    if formula and not is_formula(formula.value):
        report.add(
            formula, "this is not a formula in x", "use numbers, x, + - * / ** and exp, sin ..."
        )
    return data.Curve(
        _read_text(value, "text"),
        _read_text(value, "formula"),
        points.strip_places() if points else (),
        _read_text(value, "style", "strong"),
        bool(value.get("dots")),
    )


def _build_plot(value: Value, report: FaultReport) -> Drawable:
    ends = {}
    for axis in ("x", "y"):
        low, high = ends[axis] = value.value[axis].strip_places()
        if not low < high:
            report.add(
                value.value[axis],
                f"the first end of {axis} is not smaller than the second",
                "write the smaller end first",
            )
    curves = _build_each(value, "curves", _build_curve, report)
    return data.Plot(
        ends["x"], ends["y"], curves, _read_text(value, "across"), _read_text(value, "up")
    )


def _build_part(value: Value, report: FaultReport) -> data.Part:
    number = value.value["value"].value
    return data.Part(number, _read_text(value, "text"), _read_text(value, "style", "strong"))


def _build_bar(value: Value, report: FaultReport) -> data.Bar:
    parts = _build_each(value, "parts", _build_part, report)
    return data.Bar(_read_text(value, "label"), parts, _read_text(value, "shown"))


def _build_bars(value: Value, report: FaultReport) -> Drawable:
    return data.Bars(_build_each(value, "bars", _build_bar, report))


def _build_arrow(value: Value, report: FaultReport) -> data.Arrow:
    length = value.get("length")
    return data.Arrow(
        value.value["angle"].value,
        _read_text(value, "text"),
        length.value if length else 1.0,
        _read_text(value, "style", "strong"),
    )


def _build_plane(value: Value, report: FaultReport) -> data.Plane:
    return data.Plane(
        _build_each(value, "arrows", _build_arrow, report), _read_text(value, "title")
    )


def _build_planes(value: Value, report: FaultReport) -> Drawable:
    return data.Planes(_build_each(value, "planes", _build_plane, report))


def _build_stop(value: Value, report: FaultReport) -> data.Stop:
    branch = _read_text(value, "on", "branch") == "branch"
    style = _read_text(value, "style", "strong" if branch else "second")
    return data.Stop(_read_text(value, "text"), branch, _read_text(value, "note"), style)


def _build_stream(value: Value, report: FaultReport) -> data.Stream:
    stops = _build_each(value, "stops", _build_stop, report)
    return data.Stream(_read_text(value, "start"), stops, _read_text(value, "end"))


def _build_streams(value: Value, report: FaultReport) -> Drawable:
    return data.Streams(_build_each(value, "streams", _build_stream, report))


_BUILDERS: Mapping[str, Callable[[Value, FaultReport], Drawable]] = {
    "grids": _build_grids,
    "strips": _build_strips,
    "merges": _build_merges,
    "plot": _build_plot,
    "bars": _build_bars,
    "planes": _build_planes,
    "streams": _build_streams,
}
