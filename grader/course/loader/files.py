"""The course's files: checked values with their places, and one report for each file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.base.paths import Workspace
from grader.course.loader.faults import FaultReport
from grader.course.loader.models import COURSE, GLOSSARY, RESOURCES, UNIT
from grader.course.loader.nodes import compose
from grader.course.loader.schema import Record
from grader.course.loader.text import read_text
from grader.course.loader.values import Value


@dataclass(frozen=True, slots=True)
class CourseFile:
    """One course file; ``value`` is None where nothing could be read of it."""

    value: Value | None
    report: FaultReport

    def get_items(self, key: str) -> list[Value]:
        """Return the items of the list under a key; none where it could not be read."""
        return self.value.get_items(key) if self.value else []

    def get_ids(self, key: str) -> list[Value]:
        """Return the ids of the records in the list under a key."""
        return [name for item in self.get_items(key) if (name := item.get("id"))]

    def has_all(self, key: str) -> bool:
        """Return True if every record of the list under a key could be read, with its id."""
        listed = self.value.get(key) if self.value else None
        return bool(listed and listed.whole and all(item.get("id") for item in listed.value))


@dataclass(frozen=True, slots=True)
class ListedExercise:
    """An exercise as read from its unit's file, perhaps with faults."""

    id: str
    value: Value
    name: Value
    report: FaultReport


@dataclass(frozen=True, slots=True)
class CourseFiles:
    """All course files."""

    course: CourseFile
    resources: CourseFile
    units: dict[str, CourseFile]
    """In course order, then the folders that no phase lists."""
    glossary: CourseFile | None = None
    """None where the course has no glossary."""

    @property
    def listed(self) -> list[Value]:
        """The unit ids of all phases, in order, each with its place."""
        return [
            unit for phase in self.course.get_items("phases") for unit in phase.get_items("units")
        ]

    @property
    def has_path(self) -> bool:
        """Whether the course has a main path, perhaps with faults."""
        return bool(self.course.value and self.course.value.get("spine"))

    def list_path(self) -> list[Value]:
        """Return the exercise ids of the main path, in order, each with its place."""
        return [step for step in self.course.get_items("spine") if isinstance(step.value, str)]

    @property
    def reports(self) -> list[FaultReport]:
        """The report of each file."""
        files = [self.course, self.resources, *self.units.values()]
        return [file.report for file in files + ([self.glossary] if self.glossary else [])]

    def iterate_exercises(self) -> Iterator[ListedExercise]:
        """Yield every exercise that has an id, unit by unit."""
        for unit, file in self.units.items():
            for value in file.get_items("exercises"):
                if name := value.get("id"):
                    yield ListedExercise(f"{unit}/{name.value}", value, name, file.report)


def read(workspace: Workspace) -> CourseFiles:
    """Read every file of the course, whatever the faults of the others."""
    course = read_file(workspace, workspace.course_file, COURSE, "the course")
    resources = read_file(workspace, workspace.resources_file, RESOURCES, "the reading list")
    glossary = None
    if workspace.glossary_file.is_file():
        glossary = read_file(workspace, workspace.glossary_file, GLOSSARY, "the glossary")
    files = CourseFiles(course, resources, {}, glossary)
    folders = sorted(path.parent.name for path in workspace.curriculum.glob("*/unit.yml"))
    for unit in dict.fromkeys([*(value.value for value in files.listed), *folders]):
        if unit in folders:
            files.units[unit] = read_file(
                workspace, workspace.locate_unit_file(unit), UNIT, "the unit"
            )
    return files


def read_file(workspace: Workspace, path: Path, model: Record, name: str) -> CourseFile:
    """Read one course file by its model; ``name`` is what faults call it."""
    report = FaultReport(Path(workspace.show_path(path)))
    text = read_text(path, report)
    node = None if text is None else compose(text, report)
    return CourseFile(None if node is None else model.read(node, name, report), report)
