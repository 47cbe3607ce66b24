"""A total as a bar: how far each state reaches, and the same in words."""

from __future__ import annotations

from typing import NamedTuple

from grader.learner.progress import ExerciseState, Total

_STATES: tuple[ExerciseState, ...] = ("passed", "stale", "started", "skipped")


class BarPart(NamedTuple):
    """A stretch of a bar that is 100 wide."""

    state: ExerciseState
    x: float
    width: float


def measure_parts(total: Total) -> list[BarPart]:
    """Return the stretch of each state that there is; what is open stays empty."""
    parts, x = list[BarPart](), 0.0
    for state in _STATES if total.exercises else ():
        width = 100 * getattr(total, state) / total.exercises
        if width:
            parts.append(BarPart(state, x, width))
        x += width
    return parts


def describe_total(total: Total, *, empty: str) -> str:
    """Return in words what the bar shows; ``empty`` where there are no exercises yet."""
    if not total.exercises:
        return empty
    more = [f"{number} {state}" for state in _STATES[1:] if (number := getattr(total, state))]
    return ", ".join([f"{total.passed} of {total.exercises} passed", *more])
