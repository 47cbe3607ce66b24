"""Streams: a line from the bottom up, and what each part reads from it and adds to it."""

from __future__ import annotations

from grader.course.lessons.diagrams.diagram import Stop, Stream, Streams
from grader.course.lessons.diagrams.shapes import (
    LINE,
    Box,
    Circle,
    Drawing,
    Label,
    Path,
    Shape,
    measure,
    place_beside,
)

_BRANCH, _STEP = 64.0, 46.0


def draw_streams(streams: Streams) -> Drawing:
    """Draw streams side by side, level at their starts."""
    return place_beside([_draw_stream(s) for s in streams.streams], gap=30, level=1.0)


def _draw_stream(stream: Stream) -> Drawing:
    width = max(60.0, *(measure(stop.text) + 16 for stop in stream.stops))
    line = max(measure(stream.start), measure(stream.end), 24.0, *_measure_steps(stream)) / 2 + 2
    height = 2 * LINE + 24 + sum(_BRANCH if s.branch else _STEP for s in stream.stops)
    shapes: list[Shape] = [
        Label(line, height - LINE / 2, stream.start, style="title"),
        Label(line, LINE / 2, stream.end, style="title"),
        Path(((line, height - LINE - 2), (line, LINE + 4)), "flow", head=True),
    ]
    y = height - LINE - 8
    right = line * 2
    for stop in stream.stops:
        if stop.branch:
            shapes += _draw_branch(stop, line, y, width)
            note = 6 + measure(stop.note) if stop.note else 0.0
            right = max(right, line + 34 + width + note)
            y -= _BRANCH
        else:
            wide = measure(stop.text) + 16
            shapes.append(Box(line - wide / 2, y - 34, wide, 24, stop.style))
            shapes.append(Label(line, y - 22, stop.text, style=f"on-{stop.style}"))
            if stop.note:
                shapes.append(Label(line + wide / 2 + 8, y - 22, stop.note, "start", "axis"))
                right = max(right, line + wide / 2 + 8 + measure(stop.note))
            y -= _STEP
    return Drawing(right, height, tuple(shapes))


def _measure_steps(stream: Stream) -> list[float]:
    return [measure(stop.text) + 16 for stop in stream.stops if not stop.branch]


def _draw_branch(stop: Stop, line: float, y: float, width: float) -> list[Shape]:
    """Draw a branch: out of the stream below, through its box, and added to it above."""
    left, middle = line + 34, line + 34 + width / 2
    shapes: list[Shape] = [
        Path(((line, y - 4), (middle, y - 4), (middle, y - 16)), "line", head=True),
        Box(left, y - 40, width, 24, stop.style),
        Label(middle, y - 28, stop.text, style=f"on-{stop.style}"),
        Path(((middle, y - 40), (middle, y - 52), (line + 9, y - 52)), "line", head=True),
        Circle(line, y - 52, 8, "sum"),
        Label(line, y - 52, "+", style="on-sum"),
    ]
    if stop.note:
        shapes.append(Label(middle + width / 2 + 6, y - 28, stop.note, "start", "axis"))
    return shapes
