"""The course's files as read: values with places, and one report for each file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.curriculum.documents import compose
from grader.curriculum.models import COURSE, RESOURCES, UNIT
from grader.curriculum.report import Report
from grader.curriculum.shapes import Record
from grader.curriculum.text import read_text
from grader.curriculum.values import Value
from grader.workspace import Workspace


@dataclass(frozen=True, slots=True)
class File:
    """One course file; ``value`` is None where nothing could be read of it."""

    value: Value | None
    report: Report

    def items(self, key: str) -> list[Value]:
        """The items of the list under a key; none where it could not be read."""
        return self.value.items(key) if self.value else []

    def ids(self, key: str) -> list[Value]:
        """The ids of the records in the list under a key."""
        return [name for item in self.items(key) if (name := item.get("id"))]

    def knows_all(self, key: str) -> bool:
        """Whether every record of the list under a key could be read, with its id."""
        listed = self.value.get(key) if self.value else None
        return bool(listed and listed.whole and all(item.get("id") for item in listed.value))


@dataclass(frozen=True, slots=True)
class Found:
    """An exercise as read from its unit's file, perhaps with faults."""

    id: str
    value: Value
    name: Value
    report: Report


@dataclass(frozen=True, slots=True)
class Files:
    """All course files."""

    course: File
    resources: File
    units: dict[str, File]
    """In course order, then the folders that no phase lists."""

    @property
    def listed(self) -> list[Value]:
        """The unit ids of all phases, in order, each with its place."""
        return [unit for phase in self.course.items("phases") for unit in phase.items("units")]

    @property
    def reports(self) -> list[Report]:
        """The report of each file."""
        return [file.report for file in (self.course, self.resources, *self.units.values())]

    def exercises(self) -> Iterator[Found]:
        """Every exercise that has an id, in course order."""
        for unit, file in self.units.items():
            for value in file.items("exercises"):
                if name := value.get("id"):
                    yield Found(f"{unit}/{name.value}", value, name, file.report)


def read(workspace: Workspace) -> Files:
    """Read every file of the course, whatever the faults of the others."""
    course = read_file(workspace, workspace.course_file, COURSE, "the course")
    resources = read_file(workspace, workspace.resources_file, RESOURCES, "the reading list")
    files = Files(course, resources, {})
    folders = sorted(path.parent.name for path in workspace.curriculum.glob("*/unit.yml"))
    for unit in dict.fromkeys([*(value.value for value in files.listed), *folders]):
        if unit in folders:
            files.units[unit] = read_file(workspace, workspace.unit_file(unit), UNIT, "the unit")
    return files


def read_file(workspace: Workspace, path: Path, model: Record, name: str) -> File:
    """One course file, read by its model; ``name`` is what it is called in faults."""
    report = Report(Path(workspace.shown(path)))
    text = read_text(path, report)
    node = None if text is None else compose(text, report)
    return File(None if node is None else model.read(node, name, report), report)
