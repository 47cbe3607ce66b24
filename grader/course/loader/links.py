"""Checks between the course's files: names exist, and exist once; an exercise's files exist."""

from __future__ import annotations

from grader.base.paths import Workspace
from grader.course.loader.faults import TOP, FaultReport, quote, suggest
from grader.course.loader.files import CourseFile, CourseFiles, ListedExercise
from grader.course.loader.main_path import check_main_path
from grader.course.loader.needs import check_needs
from grader.course.loader.values import Value, check_unique


def check_links(files: CourseFiles, workspace: Workspace) -> None:
    """Report what is wrong between the files; what could not be read is not reported again."""
    _check_folders(files, workspace)
    _check_phases(files.course)
    check_unique(files.course.get_ids("objectives"), "objective", files.course.report)
    check_unique(files.resources.get_ids("resources"), "resource", files.resources.report)
    for file in files.units.values():
        check_unique(file.get_ids("exercises"), "exercise", file.report)
    for resource in files.resources.get_items("resources"):
        _check_known(resource, "objectives", files.course, "objective", files.resources.report)
        check_unique(resource.get_items("objectives"), "item of objectives", files.resources.report)
    exercises = list(files.iterate_exercises())
    for exercise in exercises:
        _check_names(exercise, files)
        _check_files(exercise, workspace)
    check_main_path(exercises, files, check_needs(exercises, files))
    if files.glossary:
        _check_glossary(files.glossary, {exercise.id for exercise in exercises})


def _check_glossary(glossary: CourseFile, exercises: set[str]) -> None:
    """Report a name that stands twice, and a term taught by an exercise that does not exist."""
    terms = glossary.get_items("terms")
    names = [name for term in terms if (name := term.get("term"))]
    check_unique(
        [*names, *(also for term in terms for also in term.get_items("also"))],
        "term",
        glossary.report,
    )
    for term in terms:
        taught = term.get("taught")
        if taught and taught.value not in exercises:
            remedy = suggest(taught.value, exercises, "write unit/exercise")
            glossary.report.add(taught, f"there is no exercise {quote(taught.value)}", remedy)


def _check_folders(files: CourseFiles, workspace: Workspace) -> None:
    """Report each listed unit without a file, and each file that no phase lists."""
    report, listed = files.course.report, {unit.value for unit in files.listed}
    if not report.faults:  # else a phase that could not be read might list the unit
        for unit in files.units.keys() - listed:
            remedy = f"add {quote(unit)} to a phase of course.yml, or delete the folder"
            files.units[unit].report.add(TOP, "no phase lists this unit", remedy)
    for value in files.listed:
        if value.value not in files.units:
            shown = workspace.show_path(workspace.locate_unit_file(value.value))
            remedy = suggest(value.value, files.units.keys() - listed, f"write {shown}")
            report.add(value, f"unit {value.value} has no {shown}", remedy)
    check_unique(files.listed, "unit", report)


def _check_phases(course: CourseFile) -> None:
    check_unique(course.get_ids("phases"), "phase", course.report)
    for phase in course.get_items("phases"):
        match phase.get_items("weeks"):
            case [fastest, slowest] if fastest.value > slowest.value:
                problem = f"weeks goes from {fastest.value} down to {slowest.value}"
                course.report.add(fastest, problem, "write [fastest, slowest]")


def _check_names(exercise: ListedExercise, files: CourseFiles) -> None:
    """Report unknown objectives and resources, and each name that is listed twice."""
    lists = [("objectives", files.course, "objective"), ("resources", files.resources, "resource")]
    for key, file, name in lists:
        _check_known(exercise.value, key, file, name, exercise.report)
    for key in ("writes", "needs", "objectives", "resources"):
        check_unique(exercise.value.get_items(key), f"item of {key}", exercise.report)


def _check_known(record: Value, key: str, file: CourseFile, name: str, report: FaultReport) -> None:
    """Report each name under the record's key that the file does not define."""
    known = [value.value for value in file.get_ids(key)]
    for value in record.get_items(key) if file.has_all(key) else []:
        if value.value not in known:
            remedy = suggest(value.value, known, f"add it to {file.report.path.as_posix()}")
            report.add(value, f"there is no {name} {quote(value.value)}", remedy)


def _check_files(exercise: ListedExercise, workspace: Workspace) -> None:
    """Report a missing lesson, checks, mistakes or reference."""
    parts = {
        "lesson": workspace.locate_lesson(exercise.id),
        "checks": workspace.locate_checks(exercise.id),
        "mistakes": workspace.locate_mistakes(exercise.id),
        "reference": workspace.locate_reference(exercise.id),
    }
    for part, path in parts.items():
        if not path.is_file():
            problem = f"the {part} of {exercise.id} does not exist: {workspace.show_path(path)}"
            exercise.report.add(exercise.name, problem, "write it, or correct the id")
