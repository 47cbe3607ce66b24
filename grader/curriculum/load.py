"""The curriculum folder as a ``Course``, or all of its faults at once."""

from __future__ import annotations

from typing import Any

from grader.course import Course, Exercise, Hint, Objective, Phase, Resource, Unit
from grader.curriculum.files import Files, read
from grader.curriculum.links import check
from grader.errors import CourseError
from grader.workspace import Workspace


def load(workspace: Workspace) -> Course:
    """The course; ``CourseError`` with every fault of every file where there is one."""
    files = read(workspace)
    check(files, workspace)
    faults = [fault for report in files.reports for fault in report.faults]
    if faults:
        raise CourseError(faults)
    return _course(files)


def _course(files: Files) -> Course:
    """The files' values in the course's dataclasses; every file is without fault."""
    course, resources = files.course.value, files.resources.value
    assert course is not None and resources is not None
    said = course.bare()
    return Course(
        said["title"],
        tuple(_phase(phase, files) for phase in said["phases"]),
        tuple(Objective(**objective) for objective in said["objectives"]),
        tuple(Resource(**resource) for resource in resources.bare()["resources"]),
    )


def _phase(said: dict[str, Any], files: Files) -> Phase:
    units = tuple(_unit(unit, files) for unit in said["units"])
    return Phase(**(said | {"units": units}))


def _unit(unit: str, files: Files) -> Unit:
    value = files.units[unit].value
    assert value is not None
    said = value.bare()
    exercises = tuple(_exercise(unit, exercise) for exercise in said["exercises"])
    return Unit(unit, said["title"], said["summary"], exercises)


def _exercise(unit: str, said: dict[str, Any]) -> Exercise:
    hints = tuple(Hint(level, text) for level, text in enumerate(said["hints"], start=1))
    return Exercise(**(said | {"id": f"{unit}/{said['id']}", "hints": hints}))
