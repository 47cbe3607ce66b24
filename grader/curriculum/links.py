"""What one course file says of another: names that exist once, and files that are there."""

from __future__ import annotations

from collections.abc import Iterable

from grader.curriculum.files import File, Files, Found
from grader.curriculum.needs import check_needs
from grader.curriculum.report import TOP, Report, meant, quoted
from grader.curriculum.values import Value
from grader.workspace import Workspace


def check(files: Files, workspace: Workspace) -> None:
    """Report what is wrong between the files; what could not be read is not judged again."""
    _check_folders(files, workspace)
    _check_phases(files.course)
    unique(files.course.ids("objectives"), "objective", files.course.report)
    unique(files.resources.ids("resources"), "resource", files.resources.report)
    for file in files.units.values():
        unique(file.ids("exercises"), "exercise", file.report)
    for resource in files.resources.items("resources"):
        _check_known(resource, "objectives", files.course, "objective", files.resources.report)
        unique(resource.items("objectives"), "in objectives,", files.resources.report)
    exercises = list(files.exercises())
    for exercise in exercises:
        _check_names(exercise, files)
        _check_files(exercise, workspace)
    check_needs(exercises, files)


def unique(values: Iterable[Value], name: str, report: Report) -> None:
    """Report each value that stood before."""
    first: dict[str, Value] = {}
    for value in values:
        before = first.setdefault(value.value, value)
        if before is not value:
            problem = f"{name} {quoted(value.value)} again (first in line {before.line})"
            report.add(value, problem, "give it another name, or delete one")


def _check_folders(files: Files, workspace: Workspace) -> None:
    """Every listed unit has its file, and every file its place in the list."""
    report, listed = files.course.report, {unit.value for unit in files.listed}
    if not report.faults:  # else a phase that could not be read might list the unit
        for unit in files.units.keys() - listed:
            remedy = f"add {quoted(unit)} to a phase of course.yml, or delete the folder"
            files.units[unit].report.add(TOP, "no phase lists this unit", remedy)
    for value in files.listed:
        if value.value not in files.units:
            shown = workspace.shown(workspace.unit_file(value.value))
            remedy = meant(value.value, files.units.keys() - listed, f"write {shown}")
            report.add(value, f"unit {value.value} has no {shown}", remedy)
    unique(files.listed, "unit", report)


def _check_phases(course: File) -> None:
    unique(course.ids("phases"), "phase", course.report)
    for phase in course.items("phases"):
        match phase.items("weeks"):
            case [fastest, slowest] if fastest.value > slowest.value:
                problem = f"weeks goes from {fastest.value} down to {slowest.value}"
                course.report.add(fastest, problem, "write [fastest, slowest]")


def _check_names(exercise: Found, files: Files) -> None:
    """The objectives, the reading and the names to write: known, and each once."""
    lists = [("objectives", files.course, "objective"), ("resources", files.resources, "resource")]
    for key, file, name in lists:
        _check_known(exercise.value, key, file, name, exercise.report)
    for key in ("writes", "needs", "objectives", "resources"):
        unique(exercise.value.items(key), f"in {key},", exercise.report)


def _check_known(record: Value, key: str, file: File, name: str, report: Report) -> None:
    """Each name that the record lists under a key is one of the file's."""
    known = [value.value for value in file.ids(key)]
    for value in record.items(key) if file.knows_all(key) else []:
        if value.value not in known:
            remedy = meant(value.value, known, f"add it to {file.report.path.as_posix()}")
            report.add(value, f"there is no {name} {quoted(value.value)}", remedy)


def _check_files(exercise: Found, workspace: Workspace) -> None:
    """The exercise's lesson, checks, mistakes and reference are there."""
    parts = {
        "lesson": workspace.lesson(exercise.id),
        "checks": workspace.checks(exercise.id),
        "mistakes": workspace.mistakes(exercise.id),
        "reference": workspace.reference(exercise.id),
    }
    for part, path in parts.items():
        if not path.is_file():
            problem = f"{exercise.id} lacks its {part}: {workspace.shown(path)} is no file"
            exercise.report.add(exercise.name, problem, "write it, or correct the id")
