"""Merges: pieces joined pair by pair, drawn as a tree that grows upwards."""

from __future__ import annotations

from dataclasses import dataclass

from grader.course.lessons.diagrams.diagram import Merges
from grader.course.lessons.diagrams.shapes import Box, Drawing, Label, Path, Shape, measure

_HEIGHT, _STEP = 24.0, 46.0


@dataclass(slots=True)
class _Piece:
    """A token on its way: its text, the middle of its box, and the row where it stands."""

    text: str
    middle: float
    row: int


def draw_merges(merges: Merges) -> Drawing:
    """Draw every piece at the bottom, and each token that a merge makes above its two parts."""
    x, tokens = 0.0, []
    widths = []
    for text in merges.pieces:
        widths.append(max(24.0, measure(text) + 10))
        tokens.append(_Piece(text, x + widths[-1] / 2, 0))
        x += widths[-1] + 6
    rows = len(merges.merges)
    bottom = rows * _STEP
    shapes: list[Shape] = []
    for number, (left, right) in enumerate(merges.merges, start=1):
        tokens = _join(tokens, left, right, number, bottom, shapes)
        y = bottom - number * _STEP + _HEIGHT / 2
        shapes.append(Label(x + 8, y, f"merge {number}", "start", "axis"))
    shapes.append(Label(x + 8, bottom + _HEIGHT / 2, "bytes", "start", "axis"))
    for text, width, at in zip(merges.pieces, widths, _find_middles(widths), strict=True):
        shapes += _draw_token(text, at, bottom, width, "plain")
    return Drawing(x + 8 + measure("merge 9"), bottom + _HEIGHT, tuple(shapes))


def _find_middles(widths: list[float]) -> list[float]:
    middles, x = [], 0.0
    for width in widths:
        middles.append(x + width / 2)
        x += width + 6
    return middles


def _join(
    tokens: list[_Piece], left: str, right: str, row: int, bottom: float, shapes: list[Shape]
) -> list[_Piece]:
    """Replace each pair from left to right; draw what is new."""
    joined: list[_Piece] = []
    for token in tokens:
        before = joined[-1] if joined else None
        if before and before.text == left and token.text == right and before.row != row:
            joined[-1] = _Piece(left + right, (before.middle + token.middle) / 2, row)
            y = bottom - row * _STEP
            for part in (before, token):
                top = bottom - part.row * _STEP
                ends = ((part.middle, top), (joined[-1].middle, y + _HEIGHT))
                shapes.append(Path(ends, "line"))
            width = max(24.0, measure(left + right) + 10)
            shapes += _draw_token(left + right, joined[-1].middle, y, width, "strong")
        else:
            joined.append(token)
    return joined


def _draw_token(text: str, middle: float, y: float, width: float, style: str) -> list[Shape]:
    return [
        Box(middle - width / 2, y, width, _HEIGHT, style),
        Label(middle, y + _HEIGHT / 2, text, style=f"on-{style}"),
    ]
