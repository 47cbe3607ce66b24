"""Builds a ``Course`` from plain data that ``loading`` has checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grader.course.model import (
    CheckHint,
    Course,
    Exercise,
    Finish,
    Hint,
    Milestone,
    Objective,
    Phase,
    Resource,
    Term,
    TrainedModel,
    Unit,
)

Data = dict[str, Any]
"""Keys and values as the YAML has them; lists may have become tuples."""


def build_course(data: Data) -> Course:
    """Return the course; ``data`` holds the files under ``course``, ``resources`` and ``units``."""
    whole, units = data["course"], data["units"]
    phases = tuple(_build_phase(phase, units) for phase in whole["phases"])
    milestones = tuple(_build_milestone(one) for one in whole.get("milestones", ()))
    path = _build_path(whole.get("spine", ()), phases, milestones)
    return Course(
        whole["title"],
        phases,
        tuple(Objective(**objective) for objective in whole["objectives"]),
        tuple(Resource(**_convert_lists(resource)) for resource in data["resources"]["resources"]),
        tuple(Term(**_convert_lists(term)) for term in data["glossary"]["terms"]),
        whole.get("summary", ""),
        whole.get("goal", ""),
        path,
        tuple(sorted(milestones, key=lambda one: path.index(one) if one in path else len(path))),
    )


def _build_milestone(data: Data) -> Milestone:
    models = tuple(TrainedModel(**_convert_lists(one)) for one in data.get("models", ()))
    return Milestone(**(_convert_lists(data) | {"models": models}))


def _build_path(
    spine: Iterable[str | Data], phases: tuple[Phase, ...], milestones: tuple[Milestone, ...]
) -> tuple[Exercise | Milestone, ...]:
    """Return the main path: each step that the spine names."""
    exercises = {e.id: e for phase in phases for unit in phase.units for e in unit.exercises}
    known = {milestone.id: milestone for milestone in milestones}
    return tuple(
        exercises[step] if isinstance(step, str) else known[step["milestone"]] for step in spine
    )


def _build_phase(data: Data, units: Data) -> Phase:
    fastest, slowest = data["weeks"]
    within = tuple(_build_unit(unit, units[unit]) for unit in data["units"])
    return Phase(data["id"], data["title"], (fastest, slowest), within)


def _build_unit(unit: str, data: Data) -> Unit:
    exercises = tuple(_build_exercise(unit, exercise) for exercise in data["exercises"])
    finish = Finish(**data["finish"]) if data.get("finish") else None
    return Unit(unit, data["title"], data["summary"], exercises, finish)


def _build_exercise(unit: str, data: Data) -> Exercise:
    hints = tuple(Hint(level, text) for level, text in enumerate(data["hints"], start=1))
    check_hints = tuple(
        CheckHint(tuple(h["checks"]), h["text"]) for h in data.get("check_hints", ())
    )
    own = {"id": f"{unit}/{data['id']}", "hints": hints, "check_hints": check_hints}
    return Exercise(**(_convert_lists(data) | own))


def _convert_lists(data: Data) -> Data:
    """Return the data with each list as a tuple."""
    return {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
