"""Checks on the main path: its steps exist, stand there once, and come after what they need."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from grader.course.loader.faults import quote, suggest
from grader.course.loader.files import CourseFiles, ListedExercise
from grader.course.loader.needs import report_unknown
from grader.course.loader.values import Value, check_unique

_DELETE = "delete one of them"


def check_main_path(
    exercises: Sequence[ListedExercise],
    files: CourseFiles,
    in_cycles: Collection[tuple[str, str]],
) -> None:
    """Report what is wrong with the spine and the milestones.

    ``in_cycles`` has the needs, as (exercise, need), that are reported already because they close
    a cycle.
    """
    needs = {one.id: [n.value for n in one.value.get_items("needs")] for one in exercises}
    _check_milestones(files, needs)
    _check_steps(files, needs)
    _check_order(files, needs, in_cycles)


def _check_milestones(files: CourseFiles, known: Collection[str]) -> None:
    """Report milestones or models that are defined twice, and exercises that are not there."""
    report = files.course.report
    check_unique(files.course.get_ids("milestones"), "milestone", report)
    for milestone in files.course.get_items("milestones"):
        check_unique(milestone.get_items("needs"), "item of needs", report)
        check_unique(
            [name for one in milestone.get_items("models") if (name := one.get("id"))],
            "model",
            report,
        )
        exercises = [*milestone.get_items("needs")]
        for model in milestone.get_items("models"):
            exercises += model.get_items("exercises")
        for exercise in exercises:
            if exercise.value not in known:
                report_unknown(exercise, report, known, files)


def _check_steps(files: CourseFiles, known: Collection[str]) -> None:
    """Report steps that are listed twice, and those that name nothing."""
    report = files.course.report
    milestones = [name for step in _list_steps(files) if (name := _get_milestone(step))]
    check_unique(files.list_path(), "exercise", report, _DELETE)
    check_unique(milestones, "milestone", report, _DELETE)
    for step in files.list_path():
        if step.value not in known:
            report_unknown(step, report, known, files)
    defined = {name.value for name in files.course.get_ids("milestones")}
    for name in milestones if _has_all_milestones(files) else []:
        if name.value not in defined:
            remedy = suggest(name.value, defined, "add it to milestones")
            report.add(name, f"there is no milestone {quote(name.value)}", remedy)


def _check_order(
    files: CourseFiles, needs: Mapping[str, Sequence[str]], in_cycles: Collection[tuple[str, str]]
) -> None:
    """Report steps that stand before something that they need."""
    spine = files.course.value.get("spine") if files.course.value else None
    if spine is None or not spine.whole:  # what could not be read may be what is needed
        return
    milestones = {
        name.value: [need.value for need in milestone.get_items("needs")]
        for milestone in reversed(files.course.get_items("milestones"))  # of two the first counts
        if (name := milestone.get("id"))
    }
    before: set[str] = set()
    for step in _list_steps(files):
        name = _get_milestone(step) or step
        wanted = (needs if name is step else milestones).get(name.value, ())
        for need in dict.fromkeys(wanted):
            if need in needs and need not in before and (name.value, need) not in in_cycles:
                problem = f"{name.value} needs {need}, which does not stand before it"
                remedy = f"list {need} before it, or delete the need"
                files.course.report.add(name, problem, remedy)
        if name is step:
            before.add(step.value)


def _list_steps(files: CourseFiles) -> list[Value]:
    """Return the steps of which something could be read."""
    return [step for step in files.course.get_items("spine") if step.value]


def _get_milestone(step: Value) -> Value | None:
    """Return the id of the milestone that a step names; None if it names an exercise."""
    return None if isinstance(step.value, str) else step.get("milestone")


def _has_all_milestones(files: CourseFiles) -> bool:
    """Return True if every milestone could be read, or the course defines none."""
    course = files.course
    has_any = bool(course.value and course.value.get("milestones"))
    return course.has_all("milestones") or not (has_any or course.report.faults)
