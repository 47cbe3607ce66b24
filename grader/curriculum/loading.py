"""The curriculum folder as a ``Course``, or all of its faults at once."""

from __future__ import annotations

from typing import Any

from grader.course import Course
from grader.curriculum import build
from grader.curriculum.files import Files, read
from grader.curriculum.links import check
from grader.errors import CourseError
from grader.workspace import Workspace


def load(workspace: Workspace) -> Course:
    """The course; ``CourseError`` with every fault of every file where there is one."""
    return build.course(said(workspace))


def said(workspace: Workspace) -> dict[str, Any]:
    """What the files say, as plain data; ``CourseError`` where there is a fault in them."""
    files = read(workspace)
    check(files, workspace)
    faults = [fault for report in files.reports for fault in report.faults]
    if faults:
        raise CourseError(faults)
    return _bare(files)


def _bare(files: Files) -> dict[str, Any]:
    """The files' values; every file is without fault."""
    course, resources = files.course.value, files.resources.value
    assert course is not None and resources is not None
    units = {unit: file.value.bare() for unit, file in files.units.items() if file.value}
    return {"course": course.bare(), "resources": resources.bare(), "units": units}
