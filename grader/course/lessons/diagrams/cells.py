"""Grids and strips: rows of cells with labels, arrows above and bars below."""

from __future__ import annotations

from grader.course.lessons.diagrams.diagram import Bracket, Cell, Grid, Grids, Strip, Strips
from grader.course.lessons.diagrams.shapes import (
    LINE,
    Box,
    Drawing,
    Label,
    Path,
    Shape,
    measure,
    place_below,
    place_beside,
)

_HEIGHT, _LEAST, _PADDING = 26.0, 26.0, 10.0
"""A cell's height, its least width, and the room beside its text."""
_SHADES = 6
_BOLD = 1.08
"""How much wider bold text is."""


def draw_grids(grids: Grids) -> Drawing:
    """Draw grids side by side."""
    return place_beside([_draw_grid(grid) for grid in grids.grids], between=grids.between)


def _draw_grid(grid: Grid) -> Drawing:
    size = max(len(row) for row in grid.cells)
    texts = [[cell.text for cell in row] for row in grid.cells]
    widths = [
        _measure_cell([*(row[i] for row in texts if i < len(row)), *grid.columns[i : i + 1]])
        for i in range(size)
    ]
    half = measure(grid.title) * _BOLD / 2
    left = max(max(map(measure, grid.rows), default=-6.0) + 6, half - sum(widths) / 2)
    top = (LINE + 4 if grid.title else 0) + (LINE if grid.columns else 0)
    width = left + max(sum(widths), sum(widths) / 2 + half)
    shapes: list[Shape] = []
    if grid.title:
        shapes.append(Label(left + sum(widths) / 2, LINE / 2, grid.title, style="title"))
    x = left
    for i, cell_width in enumerate(widths):
        if i < len(grid.columns):
            shapes.append(Label(x + cell_width / 2, top - LINE / 2, grid.columns[i], style="axis"))
        x += cell_width
    for number, row in enumerate(grid.cells):
        y = top + number * _HEIGHT
        if number < len(grid.rows):
            label = grid.rows[number]
            shapes.append(Label(left - 6, y + _HEIGHT / 2, label, "end", "axis"))
        x = left
        for cell, cell_width in zip(row, widths, strict=False):
            shapes += _draw_cell(_shade(cell, grid.scale), x, y, cell_width)
            x += cell_width
    return Drawing(width, top + len(grid.cells) * _HEIGHT, tuple(shapes))


def _shade(cell: Cell, scale: tuple[float, float] | None) -> Cell:
    """Give a number the shade of its place between the ends of the scale."""
    if scale is None or cell.style != "plain" or not cell.text:
        return cell
    low, high = scale
    share = (float(cell.text.replace("−", "-")) - low) / (high - low)
    return Cell(cell.text, f"shade{round(max(0.0, min(1.0, share)) * (_SHADES - 1))}")


def _draw_cell(cell: Cell, x: float, y: float, width: float) -> list[Shape]:
    if cell.style == "gap":
        return []
    shapes: list[Shape] = [Box(x, y, width, _HEIGHT, cell.style)]
    if cell.text:
        shapes.append(Label(x + width / 2, y + _HEIGHT / 2, cell.text, style=f"on-{cell.style}"))
    return shapes


def _measure_cell(texts: list[str]) -> float:
    return max(_LEAST, *(measure(text) + _PADDING for text in texts))


def draw_strips(strips: Strips) -> Drawing:
    """Draw strips one above the other, their cells in common columns."""
    size = max(len(strip.cells) for strip in strips.strips)
    widths = [
        _measure_cell([strip.cells[i].text for strip in strips.strips if i < len(strip.cells)])
        for i in range(size)
    ]
    return place_below([_draw_strip(strip, widths) for strip in strips.strips])


def _draw_strip(strip: Strip, widths: list[float]) -> Drawing:
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + width)
    shapes: list[Shape] = []
    y = 0.0
    if strip.title:
        shapes.append(Label(0, LINE / 2, strip.title, "start", "title"))
        y += LINE + 4
    y = _draw_arcs(strip, edges, y, shapes)
    for index, cell in enumerate(strip.cells):
        shapes += _draw_cell(cell, edges[index], y, widths[index])
    y += _HEIGHT
    if strip.numbered:
        for index in range(len(strip.cells)):
            middle = (edges[index] + edges[index + 1]) / 2
            shapes.append(Label(middle, y + LINE / 2, str(index), style="axis"))
        y += LINE
    for bracket in strip.brackets:
        start, end = edges[bracket.start] + 2, edges[bracket.end + 1] - 2
        y += 5
        shapes.append(Box(start, y, end - start, LINE, bracket.style))
        inside = measure(bracket.text) <= end - start
        at = (start + end) / 2 if inside else end + 6
        style = f"on-{bracket.style}" if inside else "axis"
        shapes.append(Label(at, y + LINE / 2, bracket.text, "middle" if inside else "start", style))
        y += LINE
    right = [
        edges[b.end + 1] + 6 + measure(b.text) for b in strip.brackets if _is_outside(b, edges)
    ]
    return Drawing(max(edges[-1], measure(strip.title), *right, 0), y, tuple(shapes))


def _is_outside(bracket: Bracket, edges: list[float]) -> bool:
    """Return whether a bar is too short for its text."""
    start, end = bracket.start, bracket.end
    return measure(bracket.text) > edges[end + 1] - edges[start] - 4


def _draw_arcs(strip: Strip, edges: list[float], y: float, shapes: list[Shape]) -> float:
    """Draw the arrows above the cells; return where the cells begin."""
    if not strip.arcs:
        return y
    reach = max(abs(arc.end - arc.start) for arc in strip.arcs)
    top = y + LINE + 4
    base = top + 14 + 9 * min(reach, 5)
    for arc in strip.arcs:
        start = (edges[arc.start] + edges[arc.start + 1]) / 2
        end = (edges[arc.end] + edges[arc.end + 1]) / 2
        height = (14 + 9 * min(abs(arc.end - arc.start), 5)) * 1.7
        middle = (start + end) / 2
        points = ((start, base - 2), (middle, base - height), (end, base - 3))
        shapes.append(Path(points, f"line-{arc.style}", head=True, curved=True))
        if arc.text:
            shapes.append(Label(middle, base - height / 2 - 8, arc.text, style="axis"))
    return base
