"""Files among the course's that belong to no exercise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.base.errors import Fault
from grader.base.paths import Workspace
from grader.course.loader.models import build_schemas
from grader.course.model import Course

_DATA = "data"
_LESSON = (".py", ".yml", ".md")


def find_faults(workspace: Workspace, course: Course) -> list[Fault]:
    """Return each file in ``curriculum`` or ``solutions`` that the course does not ask for."""
    known = set(_list_known(workspace, course))
    found = [*_list_files(workspace.curriculum), *_list_files(workspace.root / "solutions")]
    remedy = "delete it, or name its exercise in unit.yml"
    return [
        Fault(Path(workspace.show_path(path)), 1, 1, "the file belongs to no exercise", remedy)
        for path in sorted(found)
        if path not in known and not _is_data(workspace, path)
    ]


def _is_data(workspace: Workspace, path: Path) -> bool:
    """Return True if a file is data for the checks; the unit ``data`` lies in the same folder."""
    below = workspace.curriculum / _DATA in path.parents
    return below and (path.suffix not in _LESSON or path.name == "README.md")


def _list_known(workspace: Workspace, course: Course) -> Iterator[Path]:
    yield workspace.course_file
    yield workspace.resources_file
    yield workspace.glossary_file
    yield from (workspace.curriculum / name for name in build_schemas())
    yield from (workspace.locate_milestone(milestone.id) for milestone in course.milestones)
    for unit in course.iterate_units():
        yield workspace.locate_unit_file(unit.id)
        yield workspace.locate_shared(unit.id)
        yield workspace.locate_demo(unit.id)
    for exercise in course.iterate_exercises():
        for of in (
            workspace.locate_lesson,
            workspace.locate_checks,
            workspace.locate_mistakes,
            workspace.locate_reference,
        ):
            yield of(exercise.id)
        yield workspace.locate_equivalents(exercise.id)


def _list_files(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, but for what an editor, a system or Python hides there."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if not hidden and not path.is_dir():
            yield path
