"""Where the exercises of a phase stand on the map: lanes are units, rows go down what they need.

Pure and deterministic. Three things hold for any course whose needs come first in its order:
every exercise has a place of its own, every line leads down, and no line crosses a box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.course import Exercise, Unit

WIDTH, HEIGHT = 136, 52
"""A box."""
ACROSS, DOWN = 160, 88
"""From one box to the next."""
EDGE, HEAD = 9, 46
"""Around the boxes of a lane, and its title's height."""
BETWEEN = 14
"""From one lane to the next."""
_SLOTS = 7
"""Boxes beside each other, all lanes together; more only where there are more lanes."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lane:
    """A unit's strip of the picture."""

    unit: str
    x: float
    slots: int

    @property
    def width(self) -> float:
        """Its whole width."""
        return self.slots * ACROSS - (ACROSS - WIDTH) + 2 * EDGE

    def centre(self, slot: int) -> float:
        """The middle of a slot."""
        return self.x + EDGE + WIDTH / 2 + slot * ACROSS


@dataclass(frozen=True, slots=True)
class Box:
    """An exercise's place; ``x`` and ``y`` are its middle."""

    exercise: str
    unit: str
    row: int
    slot: int
    x: float
    y: float
    earlier: bool = False
    """Whether it belongs to an earlier phase and stands here only because it is needed."""


@dataclass(frozen=True, slots=True)
class Line:
    """From what is needed to what needs it, bending at the points."""

    need: str
    exercise: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The picture of one phase, without looks."""

    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float


def layout(units: Sequence[Unit]) -> Layout:
    """The places of all exercises of these units, and of what they need from elsewhere."""
    units = [unit for unit in units if unit.exercises]
    here = {exercise.id: exercise for unit in units for exercise in unit.exercises}
    queues = _queues(units, here)
    lanes = _lanes(queues)
    boxes = _boxes(queues, lanes, here)
    rows = 1 + max((box.row for box in boxes.values()), default=-1)
    height = HEAD + rows * DOWN - (DOWN - HEIGHT) + EDGE if rows else 0.0
    width = lanes[-1].x + lanes[-1].width if lanes else 0.0
    lines = _lines(boxes, here)
    return Layout(tuple(lanes), tuple(boxes.values()), lines, width, height)


def _queues(units: Sequence[Unit], here: Mapping[str, Exercise]) -> dict[str, list[str]]:
    """Per lane what stands in it, in order; a need from elsewhere just before its first user."""
    queues: dict[str, list[str]] = {unit.id: [] for unit in units}
    seen = set(here)
    for unit in units:
        for exercise in unit.exercises:
            foreign = [need for need in exercise.needs if need not in seen]
            seen.update(foreign)
            queues[unit.id] += [*foreign, exercise.id]
    return queues


def _lanes(queues: Mapping[str, list[str]]) -> list[Lane]:
    """A slot for each lane, and what is left to the lanes that hold the most for theirs."""
    slots = dict.fromkeys(queues, 1)
    while sum(slots.values()) < _SLOTS:
        full = max(slots, key=lambda unit: len(queues[unit]) / slots[unit], default=None)
        if full is None or len(queues[full]) / slots[full] <= 2:
            break
        slots[full] += 1
    lanes, x = [], 0.0
    for unit, number in slots.items():
        lanes.append(Lane(unit, x, number))
        x += lanes[-1].width + BETWEEN
    return lanes


def _boxes(
    queues: Mapping[str, list[str]], lanes: Sequence[Lane], here: Mapping[str, Exercise]
) -> dict[str, Box]:
    """Each in the first row below all that it needs that has a free slot in its lane."""
    boxes: dict[str, Box] = {}
    for lane in lanes:
        taken: dict[int, set[int]] = {}
        for name in queues[lane.unit]:
            needs = [boxes[n] for n in (here[name].needs if name in here else ()) if n in boxes]
            row = 1 + max((box.row for box in needs), default=-1)
            while len(taken.get(row, ())) == lane.slots:
                row += 1
            slot = _slot(lane, taken.setdefault(row, set()), needs)
            taken[row].add(slot)
            y = HEAD + row * DOWN + HEIGHT / 2
            boxes[name] = Box(
                name, lane.unit, row, slot, lane.centre(slot), y, earlier=name not in here
            )
    return boxes


def _slot(lane: Lane, taken: set[int], needs: Sequence[Box]) -> int:
    """The free slot that is nearest to what is needed, the left one of two."""
    middle = sum(box.x for box in needs) / len(needs) if needs else lane.x
    free = [slot for slot in range(lane.slots) if slot not in taken]
    return min(free, key=lambda slot: (abs(lane.centre(slot) - middle), slot))


def _lines(boxes: Mapping[str, Box], here: Mapping[str, Exercise]) -> tuple[Line, ...]:
    """Every need as a line, those that arrive at one box side by side in the order of origin."""
    filled = {(box.row, box.x) for box in boxes.values()}
    lines = []
    for name, exercise in here.items():
        needs = sorted(dict.fromkeys(exercise.needs), key=lambda need: (boxes[need].x, need))
        for number, need in enumerate(needs):
            aside = 14.0 * (number - (len(needs) - 1) / 2)
            aside = max(-WIDTH / 3, min(WIDTH / 3, aside))
            lines.append(Line(need, name, _bends(boxes[need], boxes[name], aside, filled)))
    return tuple(lines)


def _bends(start: Box, end: Box, aside: float, filled: set[tuple[int, float]]) -> tuple[Point, ...]:
    """Out below, down where no box stands, and in above."""
    leave, arrive = (start.x, start.y + HEIGHT / 2), (end.x + aside, end.y - HEIGHT / 2)
    passed = range(start.row + 1, end.row)
    if not passed:
        return leave, arrive
    x = _way(start, end, passed, filled) + max(-5.0, min(5.0, aside / 3))
    top = start.y - HEIGHT / 2 + DOWN
    return leave, (x, top), (x, arrive[1] - (DOWN - HEIGHT)), arrive


def _way(start: Box, end: Box, passed: range, filled: set[tuple[int, float]]) -> float:
    """Straight above the end or below the start where that is free, else beside the end."""
    for x in (end.x, start.x):
        if not any((row, x) in filled for row in passed):
            return x
    side = 1 if start.x > end.x else -1
    inside = end.x + side * ACROSS in {x for _, x in filled}
    return end.x + side * (ACROSS / 2 if inside else WIDTH / 2 + EDGE + BETWEEN / 2)
