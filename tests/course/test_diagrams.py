"""Diagrams of lessons: what a description becomes, and where each fault in one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.lessons.diagrams.diagram import Bars, Cell, Diagram, Grids, Merges, Strips
from grader.course.lessons.diagrams.draw import draw
from grader.course.lessons.diagrams.plots import evaluate, find_ticks, is_formula
from grader.course.lessons.diagrams.reading import read_cells, read_diagram
from grader.course.lessons.diagrams.shapes import Box, Label, measure
from grader.course.lessons.diagrams.shapes import Path as Line
from grader.course.loader.faults import FaultReport

MASK = """
draw: grids
words: A causal mask.
grids:
  - rows: a | b
    columns: a | b
    cells: |
      =1 | /
      1  | .
"""


def read(text: str) -> tuple[Diagram | None, list[str]]:
    """The diagram of a description, and its faults as they are printed."""
    report = FaultReport(Path("lesson.md"))
    found = read_diagram(text, report, 1)
    return found, [str(fault) for fault in report.faults]


def drawn(text: str) -> Diagram:
    """The diagram of a sound description."""
    found, faults = read(text)
    assert found is not None and faults == []
    return found


def test_marks_give_cells_their_style() -> None:
    """The first character of a cell gives its style, a lone dot is a gap, a backslash escapes."""
    assert read_cells("=a | +b | *c | ~d | / | . | \\. | plain | =") == (
        Cell("a", "strong"),
        Cell("b", "second"),
        Cell("c", "third"),
        Cell("d", "muted"),
        Cell("", "hatched"),
        Cell("", "gap"),
        Cell("."),
        Cell("plain"),
        Cell("", "strong"),
    )


def test_a_grid_has_a_box_for_each_cell_but_the_gaps() -> None:
    """Cells stand in rows of one height; a gap is empty; labels name rows and columns."""
    diagram = drawn(MASK)
    assert isinstance(diagram.drawable, Grids) and diagram.words == "A causal mask."
    drawing = draw(diagram.drawable)
    boxes = [shape for shape in drawing.shapes if isinstance(shape, Box)]
    assert [box.style for box in boxes] == ["strong", "hatched", "plain"]
    assert boxes[0].y == boxes[1].y < boxes[2].y and boxes[0].x == boxes[2].x < boxes[1].x
    texts = [shape.text for shape in drawing.shapes if isinstance(shape, Label)]
    assert sorted(texts) == ["1", "1", "a", "a", "b", "b"]


def test_every_shape_stays_inside_its_drawing() -> None:
    """Boxes and lines of every kind of diagram lie within its width and height."""
    texts = [
        MASK,
        "draw: strips\nwords: w\nstrips:\n  - {cells: a | b | c, numbered: below, title: t,"
        " arcs: [{start: 0, end: 2, text: far}], brackets: [{start: 1, end: 2, text: two}]}\n",
        "draw: merges\nwords: w\npieces: t | h | e | t | h\nmerges: [t | h, th | e]\n",
        "draw: plot\nwords: w\nx: [-2, 2]\ny: [0, 4]\ncurves: [{formula: x ** 2, text: square}]\n",
        "draw: bars\nwords: w\nbars: [{label: a, parts: [{value: 3}, {value: 1}], shown: 4 MB}]\n",
        "draw: planes\nwords: w\nplanes: [{arrows: [{angle: 90, text: q}, {angle: 200}]}]\n",
        "draw: streams\nwords: w\nstreams: [{start: x, end: y, stops: [{text: attention},"
        " {text: norm, 'on': line}]}]\n",
    ]
    for text in texts:
        drawing = draw(drawn(text).drawable)
        assert drawing.shapes
        for shape in drawing.shapes:
            if isinstance(shape, Box):
                assert shape.x >= 0 and shape.x + shape.width <= drawing.width + 1
                assert shape.y >= 0 and shape.y + shape.height <= drawing.height + 1
            elif isinstance(shape, Line):
                assert all(-1 <= y <= drawing.height + 1 for _, y in shape.points)


def test_a_note_beside_a_branch_ends_inside_its_stream() -> None:
    """A note is part of its stream's width, so that the next stream does not cover it."""
    text = (
        "draw: streams\nwords: w\nstreams: [{start: x, end: y, stops: [{text: norm, note: %s}]}]\n"
    )
    drawing = draw(drawn(text % ("adds ten to each " * 3)).drawable)
    notes = [s for s in drawing.shapes if isinstance(s, Label) and s.text.startswith("adds")]
    assert len(notes) == 1
    assert notes[0].x + measure(notes[0].text) <= drawing.width + 1


def test_merges_join_from_left_to_right_in_their_order() -> None:
    """Each merge joins every pair of its kind, so the tree has a token for each join."""
    diagram = drawn("draw: merges\nwords: w\npieces: t | h | e | t | h\nmerges: [t | h, th | e]\n")
    assert isinstance(diagram.drawable, Merges)
    labels = [s.text for s in draw(diagram.drawable).shapes if isinstance(s, Label)]
    assert [labels.count(text) for text in ("th", "the", "t", "merge 2")] == [2, 1, 2, 1]


def test_a_run_of_equal_pieces_joins_in_pairs() -> None:
    """Three equal pieces give one join, since no piece takes part in two."""
    diagram = drawn("draw: merges\nwords: w\npieces: a | a | a\nmerges: [a | a]\n")
    labels = [s.text for s in draw(diagram.drawable).shapes if isinstance(s, Label)]
    assert labels.count("aa") == 1


def test_bars_are_as_long_as_their_values() -> None:
    """Lengths of bars and of their parts stand in the ratio of the values."""
    diagram = drawn(
        "draw: bars\nwords: w\nbars:\n  - {label: a, parts: [{value: 3}, {value: 1}]}\n"
        "  - {label: b, parts: [{value: 2}]}\n"
    )
    assert isinstance(diagram.drawable, Bars)
    widths = [s.width for s in draw(diagram.drawable).shapes if isinstance(s, Box)]
    assert widths == pytest.approx([widths[0], widths[0] / 3, widths[0] * 2 / 3])


def test_numbers_are_shaded_by_their_place_on_the_scale() -> None:
    """The least number of a scale has the palest shade and the greatest the deepest."""
    text = "draw: grids\nwords: w\ngrids: [{cells: 0 | 0.5 | 1, scale: [0, 1]}]\n"
    styles = [s.style for s in draw(drawn(text).drawable).shapes if isinstance(s, Box)]
    assert styles == ["shade0", "shade2", "shade5"]


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("draw: grids", "draw: graph", "lesson.md:2:7", "may not be"),
        ("words: A causal mask.\n", "", "lesson.md:2:1", "lacks the key words"),
        ("    cells: |\n      =1 | /\n      1  | .\n", "", "lesson.md:5:5", "lacks the key cells"),
        ("grids:\n  - rows", "grid:\n  - rows", "lesson.md:4:1", "unknown key"),
        (
            "    columns",
            "    scale: [1, 0]\n    columns",
            "lesson.md:6:12",
            "is not smaller than the second",
        ),
    ],
)
def test_faults_are_told_by_line(old: str, new: str, place: str, problem: str) -> None:
    """What is wrong in a description is told with its line and column in the lesson."""
    assert old in MASK
    found, faults = read(MASK.replace(old, new))
    assert found is None
    assert any(fault.startswith(place) and problem in fault for fault in faults), faults


@pytest.mark.parametrize(
    "text",
    [
        "draw: strips\nwords: w\nstrips: [{cells: a | b, arcs: [{start: 0, end: 2}]}]\n",
        "draw: strips\nwords: w\nstrips: [{cells: a | b, brackets: [{start: 1, end: 0, text: x}]}]",
        "draw: merges\nwords: w\npieces: a | b\nmerges: [a | c]\n",
        "draw: plot\nwords: w\nx: [0, 1]\ny: [0, 1]\ncurves: [{text: neither}]\n",
        "draw: plot\nwords: w\nx: [1, 0]\ny: [0, 1]\ncurves: [{formula: x}]\n",
        "draw: plot\nwords: w\nx: [0, 1]\ny: [0, 1]\ncurves: [{formula: __import__('os')}]\n",
        "draw: plot\nwords: w\nx: [0, 1]\ny: [0, 1]\ncurves: [{formula: open(x)}]\n",
        "draw: grids\nwords: w\ngrids: [{cells: a | 1, scale: [0, 1]}]\n",
        "just words",
        "",
    ],
)
def test_what_cannot_be_drawn_is_refused(text: str) -> None:
    """A description that makes no sense is a fault and no diagram."""
    found, faults = read(text)
    assert found is None and faults


def test_formulas_compute_and_nothing_else() -> None:
    """A formula has numbers, x and the usual functions; where it has no value there is none."""
    assert evaluate("exp(-x) + erf(0)", 0.0) == 1.0
    assert evaluate("log(x)", 0.0) is None and evaluate("1 / x", 0.0) is None
    assert is_formula("max(x, 0) ** 2") and not is_formula("x +") and not is_formula("[x]")


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-3, 3, [-2, 0, 2]),
        (0, 1000, [0, 200, 400, 600, 800, 1000]),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, ticks: list[float]) -> None:
    """An axis is marked at about five round numbers inside its ends."""
    assert find_ticks(low, high) == pytest.approx(ticks)


def test_strips_share_their_columns() -> None:
    """Strips one above the other have cells of one width where they stand in one column."""
    text = "draw: strips\nwords: w\nstrips: [{cells: a | long text}, {cells: b | c}]\n"
    diagram = drawn(text)
    assert isinstance(diagram.drawable, Strips)
    boxes = [s for s in draw(diagram.drawable).shapes if isinstance(s, Box)]
    assert boxes[1].width == boxes[3].width and boxes[1].x == boxes[3].x
