"""The few shapes that every diagram is made of, and how large text is."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace

WIDEST = 460.0
"""Units that a diagram may be wide, so that its text can be read on a phone of 390 pixels."""
LINE = 18.0
"""Height of a line of text."""
TEXT_WIDTH = 7.3
"""Width of an average character at 13 units; wide characters take twice as much."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    style: str = "plain"
    form: str = "box"


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text; ``y`` is its middle."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    style: str = "text"
    form: str = "label"


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points, curved where a control point is given, perhaps with a head."""

    points: tuple[tuple[float, float], ...]
    style: str = "line"
    head: bool = False
    curved: bool = False
    """Three points: from the first to the last, curved towards the second."""
    form: str = "path"

    @property
    def commands(self) -> str:
        """The line in SVG's path commands."""
        first, *rest = (f"{x:g} {y:g}" for x, y in round_points(self.points))
        if self.curved:
            return f"M{first} Q{' '.join(rest)}"
        return f"M{first} L{' '.join(rest)}"


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle, filled only where it is a dot."""

    x: float
    y: float
    radius: float
    style: str = "plain"
    form: str = "circle"


Shape = Box | Label | Path | Circle


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes with the room that they take, the upper left corner at 0, 0."""

    width: float
    height: float
    shapes: tuple[Shape, ...] = field(default=())

    def shift(self, x: float, y: float) -> tuple[Shape, ...]:
        """Return the shapes, moved right and down."""
        return tuple(_shift(shape, x, y) for shape in self.shapes)


def _shift(shape: Shape, x: float, y: float) -> Shape:
    if isinstance(shape, Path):
        return replace(shape, points=tuple((px + x, py + y) for px, py in shape.points))
    return replace(shape, x=shape.x + x, y=shape.y + y)


def place_beside(
    drawings: list[Drawing], *, gap: float = 24.0, between: str = "", level: float = 0.5
) -> Drawing:
    """Return the drawings from left to right, in further rows where they are too wide for one.

    ``level`` says where they are level: 0.5 at their middles, 1 at their lower ends.
    """
    gap = max(gap, measure(between) + 20) if between else gap
    rows: list[list[Drawing]] = [[]]
    for drawing in drawings:
        width = sum(d.width + gap for d in rows[-1]) + drawing.width
        if rows[-1] and width > WIDEST:
            rows.append([])
        rows[-1].append(drawing)
    shapes: list[Shape] = []
    y = widest = 0.0
    for number, row in enumerate(rows):
        height, x = max(d.height for d in row), 0.0
        if number and between:
            shapes.append(Label(0, y + LINE / 2, between, "start", "operator"))
            y += LINE + 6
        for index, drawing in enumerate(row):
            if index and between:
                shapes.append(Label(x - gap / 2, y + height / 2, between, style="operator"))
            shapes += drawing.shift(x, y + (height - drawing.height) * level)
            x += drawing.width + gap
        widest = max(widest, x - gap)
        y += height + 16
    return Drawing(widest, y - 16, tuple(shapes))


def place_below(drawings: list[Drawing], *, gap: float = 20.0) -> Drawing:
    """Return the drawings from top to bottom, flush left."""
    shapes: list[Shape] = []
    y = 0.0
    for drawing in drawings:
        shapes += drawing.shift(0, y)
        y += drawing.height + gap
    return Drawing(max(d.width for d in drawings), y - gap, tuple(shapes))


def measure(text: str) -> float:
    """Return about how wide a text is."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return TEXT_WIDTH * (len(text) + 0.8 * wide)


def round_points(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Return the points to a tenth of a unit, which is finer than can be seen."""
    return [(round(x, 1), round(y, 1)) for x, y in points]
