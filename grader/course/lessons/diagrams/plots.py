"""Plots, bars and planes: diagrams with a scale."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simpleeval import InvalidExpression, SimpleEval

from grader.course.lessons.diagrams.diagram import Arrow, Bars, Curve, Plane, Planes, Plot
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

_WIDTH, _HEIGHT = 360.0, 200.0
_FINE = 120
"""Points of a curve that is given by its formula."""
_FUNCTIONS = {
    name: getattr(math, name)
    for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "erf", "tanh", "floor", "pow")
} | {"abs": abs, "min": min, "max": max, "round": round}


def evaluate(formula: str, x: float) -> float | None:
    """Return a formula's value at ``x``; None where it has none, such as log(0).

    Raises:
        simpleeval.InvalidExpression: If the formula uses anything but numbers, x, pi, e and
            the usual functions.
    """
    names = {"x": x, "pi": math.pi, "e": math.e}
    try:
        return float(SimpleEval(functions=_FUNCTIONS, names=names).eval(formula))
    except (ArithmeticError, ValueError):
        return None


def is_formula(formula: str) -> bool:
    """Return whether ``formula`` can be evaluated for a number ``x``."""
    try:
        evaluate(formula, 0.5)
    except (InvalidExpression, SyntaxError, TypeError):
        return False
    return True


def draw_plot(plot: Plot) -> Drawing:
    """Draw curves over two axes with round ticks, each curve's text in a legend below."""
    left = 8 + max(measure(_format_number(tick)) for tick in find_ticks(*plot.y))
    top = LINE + 4 if plot.up else 6.0
    shapes: list[Shape] = [Box(left, top, _WIDTH, _HEIGHT, "frame")]
    if plot.up:
        shapes.append(Label(0, LINE / 2, plot.up, "start", "axis"))

    def at(x: float, y: float) -> tuple[float, float]:
        across = (x - plot.x[0]) / (plot.x[1] - plot.x[0])
        up = (y - plot.y[0]) / (plot.y[1] - plot.y[0])
        return left + across * _WIDTH, top + (1 - up) * _HEIGHT

    for tick in find_ticks(*plot.x):
        x, _ = at(tick, plot.y[0])
        shapes.append(Path(((x, top), (x, top + _HEIGHT)), "rule"))
        shapes.append(Label(x, top + _HEIGHT + LINE / 2 + 2, _format_number(tick), style="axis"))
    for tick in find_ticks(*plot.y):
        _, y = at(plot.x[0], tick)
        shapes.append(Path(((left, y), (left + _WIDTH, y)), "rule"))
        shapes.append(Label(left - 6, y, _format_number(tick), "end", "axis"))
    for curve in plot.curves:
        for piece in _split_curve(curve, plot):
            points = tuple(at(x, y) for x, y in piece)
            if len(points) > 1:
                shapes.append(Path(points, f"curve-{curve.style}"))
            if curve.dots or len(points) == 1:
                shapes += [Circle(x, y, 3.2, f"dot-{curve.style}") for x, y in points]
    y = top + _HEIGHT + LINE + 6
    if plot.across:
        shapes.append(Label(left + _WIDTH / 2, y + LINE / 2, plot.across, style="axis"))
        y += LINE + 2
    for curve in plot.curves:
        if curve.text:
            shapes.append(
                Path(((left, y + LINE / 2), (left + 22, y + LINE / 2)), f"curve-{curve.style}")
            )
            shapes.append(Label(left + 30, y + LINE / 2, curve.text, "start"))
            y += LINE
    return Drawing(left + _WIDTH + 12, y, tuple(shapes))


def _split_curve(curve: Curve, plot: Plot) -> Iterator[list[tuple[float, float]]]:
    """Yield the runs of a curve's points that lie inside the plot."""
    points: list[tuple[float, float | None]] = list(curve.points)
    if curve.formula:
        low, high = plot.x
        xs = [low + (high - low) * i / _FINE for i in range(_FINE + 1)]
        points = [(x, evaluate(curve.formula, x)) for x in xs]
    run: list[tuple[float, float]] = []
    for x, y in points:
        if y is not None and math.isfinite(y) and plot.y[0] <= y <= plot.y[1]:
            run.append((x, y))
        elif run:
            yield run
            run = []
    if run:
        yield run


def find_ticks(low: float, high: float) -> list[float]:
    """Return round values from ``low`` to ``high``, about five."""
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def _format_number(value: float) -> str:
    return f"{value:,.10g}".replace("-", "−")


def draw_bars(bars: Bars) -> Drawing:
    """Draw bars on one scale, each with its label above and its figure at its end."""
    longest = max(sum(part.value for part in bar.parts) for bar in bars.bars) or 1.0
    room = max(measure(bar.shown) for bar in bars.bars) + 8
    full = 430.0 - room
    shapes: list[Shape] = []
    y, width = 0.0, 0.0
    for bar in bars.bars:
        shapes.append(Label(0, y + LINE / 2, bar.label, "start"))
        y += LINE + 1
        x = 0.0
        for part in bar.parts:
            length = full * part.value / longest
            shapes.append(Box(x, y, length, 22, part.style))
            if part.text and measure(part.text) + 6 <= length:
                shapes.append(Label(x + length / 2, y + 11, part.text, style=f"on-{part.style}"))
            x += length
        shapes.append(Label(x + 6, y + 11, bar.shown, "start", "axis"))
        width = max(width, x + 6 + measure(bar.shown), measure(bar.label))
        y += 22 + 10
    return Drawing(width, y - 10, tuple(shapes))


_RADIUS = 62.0


def draw_planes(planes: Planes) -> Drawing:
    """Draw planes side by side."""
    return place_beside([_draw_plane(plane) for plane in planes.planes], gap=14)


def _draw_plane(plane: Plane) -> Drawing:
    longest = max([1.0, *(arrow.length for arrow in plane.arrows)])
    side = _RADIUS * longest + 16
    wide = side + max((measure(arrow.text) for arrow in plane.arrows), default=0) * 0.6
    top = LINE + 4 if plane.title else 0.0
    x, y = wide, top + side
    shapes: list[Shape] = [
        Path(((x - side, y), (x + side, y)), "rule"),
        Path(((x, y - side), (x, y + side)), "rule"),
        Circle(x, y, _RADIUS, "ring"),
    ]
    if plane.title:
        shapes.append(Label(x, LINE / 2, plane.title, style="title"))
    for arrow in plane.arrows:
        shapes += _draw_arrow(arrow, x, y)
    return Drawing(2 * wide, top + 2 * side, tuple(shapes))


def _draw_arrow(arrow: Arrow, x: float, y: float) -> list[Shape]:
    turn = math.radians(arrow.angle)
    across, up = math.cos(turn), math.sin(turn)
    reach = _RADIUS * arrow.length
    end = (x + reach * across, y - reach * up)
    shapes: list[Shape] = [Path(((x, y), end), f"line-{arrow.style}", head=True)]
    if arrow.text:
        anchor = "start" if across > 0.3 else "end" if across < -0.3 else "middle"
        at = (x + (reach + 7) * across, y - (reach + 11) * up)
        shapes.append(Label(*at, arrow.text, anchor))
    return shapes
