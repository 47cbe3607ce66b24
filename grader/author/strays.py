"""Files among the course's that belong to no exercise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.course import Course
from grader.curriculum import schemas
from grader.errors import Fault
from grader.workspace import Workspace

_DATA = "data"
_LESSON = (".py", ".yml", ".md")


def faults(workspace: Workspace, course: Course) -> list[Fault]:
    """Each file in ``curriculum`` or ``solutions`` that nothing in the course asks for."""
    known = set(_known(workspace, course))
    found = [*_files(workspace.curriculum), *_files(workspace.root / "solutions")]
    remedy = "delete it, or name its exercise in unit.yml"
    return [
        Fault(Path(workspace.shown(path)), 1, 1, "the file belongs to no exercise", remedy)
        for path in sorted(found)
        if path not in known and not _is_data(workspace, path)
    ]


def _is_data(workspace: Workspace, path: Path) -> bool:
    """Whether a file is data for the checks; the unit of that name lies in the same folder."""
    below = workspace.curriculum / _DATA in path.parents
    return below and (path.suffix not in _LESSON or path.name == "README.md")


def _known(workspace: Workspace, course: Course) -> Iterator[Path]:
    yield workspace.course_file
    yield workspace.resources_file
    yield from (workspace.curriculum / name for name in schemas())
    for unit in course.units():
        yield workspace.unit_file(unit.id)
    for exercise in course.exercises():
        for of in (workspace.lesson, workspace.checks, workspace.mistakes, workspace.reference):
            yield of(exercise.id)
        yield workspace.equivalents(exercise.id)


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, but for what an editor, a system or Python hides there."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if not hidden and not path.is_dir():
            yield path
