"""The diagrams of lessons as data: what is to be drawn, without sizes or colours.

A lesson describes a diagram in a few lines of YAML ((``reading`` reads them)); the site
draws it in its own theme (``grader.course.lessons.diagrams``).
"""

from __future__ import annotations

from dataclasses import dataclass

STYLES = ("plain", "strong", "second", "third", "muted", "hatched", "gap")
"""What a cell, bar, curve or arrow may look like; ``gap`` is an empty place."""
MARKS = {"=": "strong", "+": "second", "*": "third", "~": "muted", "/": "hatched"}
"""The character before a cell's text that gives its style; a lone ``.`` is a gap."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid or strip: its text, which may be empty, and a style."""

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of cells, such as a mask, a matrix or a batch."""

    cells: tuple[tuple[Cell, ...], ...]
    title: str = ""
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    """Cells hold numbers and are shaded from the first of these values to the second."""


@dataclass(frozen=True, slots=True)
class Grids:
    """Grids side by side, with a text such as an arrow between each two."""

    grids: tuple[Grid, ...]
    between: str = ""


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bar below the cells of a strip, from one cell to another, both included."""

    start: int
    end: int
    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Arc:
    """An arrow above a strip from one cell to another."""

    start: int
    end: int
    text: str = ""
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Strip:
    """A row of cells, such as the tokens of a text, with arrows above and bars below."""

    cells: tuple[Cell, ...]
    title: str = ""
    numbered: bool = False
    arcs: tuple[Arc, ...] = ()
    brackets: tuple[Bracket, ...] = ()


@dataclass(frozen=True, slots=True)
class Strips:
    """Strips one above the other."""

    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class Merges:
    """Pieces that are joined pair by pair, each merge in order: a growing tree, as in BPE."""

    pieces: tuple[str, ...]
    merges: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A formula in x, or points, drawn as a line."""

    text: str = ""
    formula: str = ""
    points: tuple[tuple[float, float], ...] = ()
    style: str = "strong"
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Curves over an axis."""

    x: tuple[float, float]
    y: tuple[float, float]
    curves: tuple[Curve, ...]
    across: str = ""
    """What the horizontal axis shows, with its unit."""
    up: str = ""
    """What the vertical axis shows, with its unit."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its length in the bars' unit."""

    value: float
    text: str = ""
    style: str = "strong"


@dataclass(frozen=True, slots=True)
class Bar:
    """One horizontal bar of one or several parts."""

    label: str
    parts: tuple[Part, ...]
    shown: str = ""
    """The bar's figure with its unit, as written at its end."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars on one scale."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from the origin, by its angle in degrees, counted against the clock."""

    angle: float
    text: str = ""
    length: float = 1.0
    style: str = "strong"


@dataclass(frozen=True, slots=True)
class Plane:
    """Arrows in a plane with the unit circle."""

    arrows: tuple[Arrow, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Planes:
    """Planes side by side."""

    planes: tuple[Plane, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on a stream: a branch that is added to it, or a step on the way itself."""

    text: str
    branch: bool = True
    note: str = ""
    style: str = "strong"


@dataclass(frozen=True, slots=True)
class Stream:
    """A line from the bottom up, such as the residual stream, with what each part adds."""

    start: str
    stops: tuple[Stop, ...]
    end: str


@dataclass(frozen=True, slots=True)
class Streams:
    """Streams side by side, to compare them."""

    streams: tuple[Stream, ...]


Drawable = Grids | Strips | Merges | Plot | Bars | Planes | Streams


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram of a lesson with its words, which stand below it and serve who cannot see it."""

    drawable: Drawable
    words: str
    line: int
    """Where it begins in the lesson."""
