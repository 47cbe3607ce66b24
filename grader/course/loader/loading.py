"""Loads the curriculum folder as a ``Course``, or raises all of its faults at once."""

from __future__ import annotations

from typing import Any

from grader.base.errors import CourseError
from grader.base.paths import Workspace
from grader.course.loader.build import build_course
from grader.course.loader.files import CourseFiles, read
from grader.course.loader.links import check_links
from grader.course.model import Course


def load(workspace: Workspace) -> Course:
    """Return the course; raise ``CourseError`` with every fault of every file."""
    return build_course(read_data(workspace))


def read_data(workspace: Workspace) -> dict[str, Any]:
    """Return what the files hold as plain data; raise ``CourseError`` if one has a fault."""
    files = read(workspace)
    check_links(files, workspace)
    faults = [fault for report in files.reports for fault in report.faults]
    if faults:
        raise CourseError(faults)
    return _strip_places(files)


def _strip_places(files: CourseFiles) -> dict[str, Any]:
    """Return the files' values without places; no file has a fault."""
    course, resources = files.course.value, files.resources.value
    assert course is not None and resources is not None
    units = {unit: file.value.strip_places() for unit, file in files.units.items() if file.value}
    glossary = files.glossary.value if files.glossary else None
    return {
        "course": course.strip_places(),
        "resources": resources.strip_places(),
        "units": units,
        "glossary": glossary.strip_places() if glossary else {"terms": ()},
    }
