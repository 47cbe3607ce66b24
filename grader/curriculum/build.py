"""A ``Course`` from what its files say: plain data without fault, as ``loading`` has found them."""

from __future__ import annotations

from typing import Any

from grader.course import Course, Exercise, Hint, Objective, Phase, Resource, Unit

Said = dict[str, Any]
"""Keys with values as the YAML has them; lists may have become tuples."""


def course(said: Said) -> Course:
    """The course; ``said`` holds what ``course``, ``resources`` and each of ``units`` say."""
    whole, units = said["course"], said["units"]
    return Course(
        whole["title"],
        tuple(_phase(phase, units) for phase in whole["phases"]),
        tuple(Objective(**objective) for objective in whole["objectives"]),
        tuple(Resource(**_plain(resource)) for resource in said["resources"]["resources"]),
    )


def _phase(said: Said, units: Said) -> Phase:
    fastest, slowest = said["weeks"]
    within = tuple(_unit(unit, units[unit]) for unit in said["units"])
    return Phase(said["id"], said["title"], (fastest, slowest), within)


def _unit(unit: str, said: Said) -> Unit:
    exercises = tuple(_exercise(unit, exercise) for exercise in said["exercises"])
    return Unit(unit, said["title"], said["summary"], exercises)


def _exercise(unit: str, said: Said) -> Exercise:
    hints = tuple(Hint(level, text) for level, text in enumerate(said["hints"], start=1))
    return Exercise(**(_plain(said) | {"id": f"{unit}/{said['id']}", "hints": hints}))


def _plain(said: Said) -> Said:
    """What is said, its lists as tuples."""
    return {key: tuple(v) if isinstance(v, list) else v for key, v in said.items()}
