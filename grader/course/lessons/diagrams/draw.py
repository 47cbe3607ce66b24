"""Draws any diagram."""

from __future__ import annotations

from grader.course.lessons.diagrams.cells import draw_grids, draw_strips
from grader.course.lessons.diagrams.diagram import (
    Bars,
    Drawable,
    Grids,
    Merges,
    Planes,
    Plot,
    Streams,
    Strips,
)
from grader.course.lessons.diagrams.merges import draw_merges
from grader.course.lessons.diagrams.plots import draw_bars, draw_planes, draw_plot
from grader.course.lessons.diagrams.shapes import Drawing
from grader.course.lessons.diagrams.streams import draw_streams


def draw(drawable: Drawable) -> Drawing:
    """Return the shapes of a description."""
    match drawable:
        case Grids():
            return draw_grids(drawable)
        case Strips():
            return draw_strips(drawable)
        case Merges():
            return draw_merges(drawable)
        case Plot():
            return draw_plot(drawable)
        case Bars():
            return draw_bars(drawable)
        case Planes():
            return draw_planes(drawable)
        case Streams():
            return draw_streams(drawable)
