"""Checks on what an exercise needs: names exist, make no cycle, and come earlier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from grader.course.loader.faults import FaultReport, quote, suggest
from grader.course.loader.files import CourseFiles, ListedExercise
from grader.course.loader.values import Value


def check_needs(exercises: Sequence[ListedExercise], files: CourseFiles) -> set[tuple[str, str]]:
    """Report needs that name no exercise, make a cycle, or come later.

    Return those that close a cycle, as (exercise, need). Where the course has a main path, only
    exercises of the path have an order (``main_path``).
    """
    main = {step.value: place for place, step in enumerate(files.list_path())}
    exercises = sorted(exercises, key=lambda exercise: main.get(exercise.id, len(main)))
    order = {exercise.id: index for index, exercise in enumerate(exercises)}
    closing = dict(_find_cycles(exercises, order))
    listed = {unit.value for unit in files.listed}
    for exercise in exercises:
        for need in exercise.value.get_items("needs"):
            cycle = closing.get((exercise.id, need.value))
            if cycle:
                exercise.report.add(need, f"needs form a cycle: {cycle}", "delete one of them")
            elif need.value not in order:
                report_unknown(need, exercise.report, order, files)
            elif (
                not files.has_path
                and order[need.value] > order[exercise.id]
                and _get_units(exercise, need) <= listed
            ):
                problem = f"{exercise.id} needs {need.value}, which comes later"
                exercise.report.add(need, problem, "move one of the two, or delete the need")
    return set(closing)


def report_unknown(
    need: Value, report: FaultReport, known: Iterable[str], files: CourseFiles
) -> None:
    """Report a name that no exercise has, unless its unit could not be read whole."""
    unit = files.units.get(need.value.partition("/")[0])
    if unit is None or unit.has_all("exercises"):
        remedy = suggest(need.value, known, "correct the name, or write that exercise first")
        report.add(need, f"there is no exercise {quote(need.value)}", remedy)


def _get_units(exercise: ListedExercise, need: Value) -> set[str]:
    return {exercise.id.partition("/")[0], need.value.partition("/")[0]}


def _find_cycles(
    exercises: Sequence[ListedExercise], order: Mapping[str, int]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield each need that closes a cycle, as (exercise, need), with the cycle in words."""
    graph: dict[str, list[str]] = {exercise.id: [] for exercise in exercises}
    for exercise in exercises:
        needs = dict.fromkeys(need.value for need in exercise.value.get_items("needs"))
        graph[exercise.id] += [need for need in needs if need in order]
    while cycle := _find_cycle(graph):
        # Somewhere on the way round, an exercise needs itself or a later one.
        turn = next(i for i in range(len(cycle)) if order[cycle[i]] >= order[cycle[i - 1]])
        needing, needed = cycle[turn - 1], cycle[turn]
        graph[needing] = [need for need in graph[needing] if need != needed]
        way = [needing, *cycle[turn:], *cycle[:turn]]
        yield (needing, needed), " -> ".join(way)


def _find_cycle(graph: Mapping[str, list[str]]) -> list[str]:
    """Return a cycle of exercises in which each needs the next and the last the first, or []."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        closed: list[str] = error.args[1]  # the first is also the last; each is needed by the next
        return closed[:0:-1]
    return []
