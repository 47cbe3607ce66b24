"""The positions of a phase's exercises on the map: a lane is a unit, needs are in rows above.

Pure and deterministic. Three things hold for any course whose needs make no circle: every exercise
has a place of its own, every line leads down, and no line crosses a box.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.course.model import Exercise, Unit

WIDTH, HEIGHT = 130, 52
"""A box."""
ACROSS, DOWN = 150, 88
"""From one box to the next."""
EDGE, HEAD = 7, 46
"""Around the boxes of a lane, and its title's height."""
BETWEEN = 8
"""From one lane to the next."""
_SLOTS = 7
"""Boxes beside each other, all lanes together; more only where there are more lanes."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class UnitLane:
    """A unit's strip of the picture."""

    unit: str
    x: float
    slots: int

    @property
    def width(self) -> float:
        """Its whole width."""
        return self.slots * ACROSS - (ACROSS - WIDTH) + 2 * EDGE

    def get_centre(self, slot: int) -> float:
        """Return the middle of a slot."""
        return self.x + EDGE + WIDTH / 2 + slot * ACROSS


@dataclass(frozen=True, slots=True)
class ExercisePlace:
    """An exercise's place; ``x`` and ``y`` are its middle."""

    exercise: str
    unit: str
    row: int
    slot: int
    x: float
    y: float
    elsewhere: bool = False
    """Whether it belongs to another phase and is here only because it is needed."""


@dataclass(frozen=True, slots=True)
class NeedLine:
    """From what is needed to what needs it, bending at the points."""

    need: str
    exercise: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class MapLayout:
    """The picture of one phase, without looks."""

    lanes: tuple[UnitLane, ...]
    boxes: tuple[ExercisePlace, ...]
    lines: tuple[NeedLine, ...]
    width: float
    height: float


def lay_out(units: Sequence[Unit]) -> MapLayout:
    """Place all exercises of these units, and those that they need from elsewhere."""
    units = [unit for unit in units if unit.exercises]
    here = {exercise.id: exercise for unit in units for exercise in unit.exercises}
    queues = _queue_exercises(units, here)
    lanes = _make_lanes(queues)
    boxes = _place_exercises(queues, lanes, here)
    rows = 1 + max((box.row for box in boxes.values()), default=-1)
    height = HEAD + rows * DOWN - (DOWN - HEIGHT) + EDGE if rows else 0.0
    width = lanes[-1].x + lanes[-1].width if lanes else 0.0
    lines = _draw_lines(boxes, here)
    return MapLayout(tuple(lanes), tuple(boxes.values()), lines, width, height)


def _queue_exercises(units: Sequence[Unit], here: Mapping[str, Exercise]) -> dict[str, list[str]]:
    """List the exercises of each lane in order; one from elsewhere just before its first user."""
    queues: dict[str, list[str]] = {unit.id: [] for unit in units}
    seen = set(here)
    for unit in units:
        for exercise in unit.exercises:
            foreign = [need for need in exercise.needs if need not in seen]
            seen.update(foreign)
            queues[unit.id] += [*foreign, exercise.id]
    return queues


def _make_lanes(queues: Mapping[str, list[str]]) -> list[UnitLane]:
    """Give each lane a slot, and the remaining slots to the lanes with most exercises per slot."""
    slots = dict.fromkeys(queues, 1)
    while sum(slots.values()) < _SLOTS:
        full = max(slots, key=lambda unit: len(queues[unit]) / slots[unit], default=None)
        if full is None or len(queues[full]) / slots[full] <= 2:
            break
        slots[full] += 1
    lanes, x = [], 0.0
    for unit, number in slots.items():
        lanes.append(UnitLane(unit, x, number))
        x += lanes[-1].width + BETWEEN
    return lanes


def _place_exercises(
    queues: Mapping[str, list[str]], lanes: Sequence[UnitLane], here: Mapping[str, Exercise]
) -> dict[str, ExercisePlace]:
    """Place each in the first row below all its needs in which its lane has a free slot."""
    boxes: dict[str, ExercisePlace] = {}
    lane_of = {name: lane for lane in lanes for name in queues[lane.unit]}
    taken: dict[str, dict[int, set[int]]] = {lane.unit: {} for lane in lanes}
    for name in _put_needs_first(lane_of, here):
        lane, rows = lane_of[name], taken[lane_of[name].unit]
        needs = [boxes[need] for need in (here[name].needs if name in here else ())]
        row = 1 + max((box.row for box in needs), default=-1)
        while len(rows.get(row, ())) == lane.slots:
            row += 1
        slot = _choose_slot(lane, rows.setdefault(row, set()), needs)
        rows[row].add(slot)
        y = HEAD + row * DOWN + HEIGHT / 2
        boxes[name] = ExercisePlace(
            name, lane.unit, row, slot, lane.get_centre(slot), y, elsewhere=name not in here
        )
    return boxes


def _put_needs_first(names: Iterable[str], here: Mapping[str, Exercise]) -> list[str]:
    """Return the names in their order, but each after all that it needs."""
    found: dict[str, None] = {}

    def add(name: str) -> None:
        if name not in found:
            for need in here[name].needs if name in here else ():
                add(need)
            found[name] = None

    for name in names:
        add(name)
    return list(found)


def _choose_slot(lane: UnitLane, taken: set[int], needs: Sequence[ExercisePlace]) -> int:
    """Return the free slot nearest to what is needed, the left one of two."""
    middle = sum(box.x for box in needs) / len(needs) if needs else lane.x
    free = [slot for slot in range(lane.slots) if slot not in taken]
    return min(free, key=lambda slot: (abs(lane.get_centre(slot) - middle), slot))


def _draw_lines(
    boxes: Mapping[str, ExercisePlace], here: Mapping[str, Exercise]
) -> tuple[NeedLine, ...]:
    """Draw each need as a line; those that end at one box are side by side, ordered by origin."""
    filled = {(box.row, box.x) for box in boxes.values()}
    lines = []
    for name, exercise in here.items():
        needs = sorted(dict.fromkeys(exercise.needs), key=lambda need: (boxes[need].x, need))
        for number, need in enumerate(needs):
            aside = 14.0 * (number - (len(needs) - 1) / 2)
            aside = max(-WIDTH / 3, min(WIDTH / 3, aside))
            lines.append(
                NeedLine(need, name, _find_points(boxes[need], boxes[name], aside, filled))
            )
    return tuple(lines)


def _find_points(
    start: ExercisePlace, end: ExercisePlace, aside: float, filled: set[tuple[int, float]]
) -> tuple[Point, ...]:
    """Return the points: out at the bottom, down where no box is, in at the top."""
    leave, arrive = (start.x, start.y + HEIGHT / 2), (end.x + aside, end.y - HEIGHT / 2)
    passed = range(start.row + 1, end.row)
    if not passed:
        return leave, arrive
    x = _find_free_x(start, end, passed, filled) + max(-5.0, min(5.0, aside / 3))
    top = start.y - HEIGHT / 2 + DOWN
    return leave, (x, top), (x, arrive[1] - (DOWN - HEIGHT)), arrive


def _find_free_x(
    start: ExercisePlace, end: ExercisePlace, passed: range, filled: set[tuple[int, float]]
) -> float:
    """Return an ``x`` without boxes: above the end, below the start, or else beside the end."""
    for x in (end.x, start.x):
        if not any((row, x) in filled for row in passed):
            return x
    side = 1 if start.x > end.x else -1
    inside = end.x + side * ACROSS in {x for _, x in filled}
    return end.x + side * (ACROSS / 2 if inside else WIDTH / 2 + EDGE + BETWEEN / 2)
