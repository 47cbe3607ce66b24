"""Which exercise needs which: names that exist, in course order, and no circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from grader.curriculum.files import Files, Found
from grader.curriculum.report import meant, quoted
from grader.curriculum.values import Value


def check_needs(exercises: Sequence[Found], files: Files) -> None:
    """Report needs that name nothing, make a circle, or come later."""
    order = {exercise.id: index for index, exercise in enumerate(exercises)}
    closing = dict(_circles(exercises, order))
    listed = {unit.value for unit in files.listed}
    for exercise in exercises:
        for need in exercise.value.items("needs"):
            circle = closing.get((exercise.id, need.value))
            if circle:
                exercise.report.add(need, f"needs make a circle: {circle}", "delete one of them")
            elif need.value not in order:
                _unknown(need, exercise, order, files)
            elif order[need.value] > order[exercise.id] and _units(exercise, need) <= listed:
                problem = f"{exercise.id} needs {need.value}, which comes later"
                exercise.report.add(need, problem, "move one of the two, or delete the need")


def _unknown(need: Value, exercise: Found, known: Mapping[str, int], files: Files) -> None:
    """Report a need that names nothing, unless its unit could not be read whole."""
    unit = files.units.get(need.value.partition("/")[0])
    if unit is None or unit.knows_all("exercises"):
        remedy = meant(need.value, known, "correct the name, or write that exercise first")
        exercise.report.add(need, f"there is no exercise {quoted(need.value)}", remedy)


def _units(exercise: Found, need: Value) -> set[str]:
    return {exercise.id.partition("/")[0], need.value.partition("/")[0]}


def _circles(
    exercises: Sequence[Found], order: Mapping[str, int]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Each need that closes a circle, as (exercise, need), with the circle in words."""
    graph: dict[str, list[str]] = {exercise.id: [] for exercise in exercises}
    for exercise in exercises:
        needs = dict.fromkeys(need.value for need in exercise.value.items("needs"))
        graph[exercise.id] += [need for need in needs if need in order]
    while circle := _circle(graph):
        # Somewhere on the way round, an exercise needs itself or a later one.
        turn = next(i for i in range(len(circle)) if order[circle[i]] >= order[circle[i - 1]])
        needing, needed = circle[turn - 1], circle[turn]
        graph[needing] = [need for need in graph[needing] if need != needed]
        way = [needing, *circle[turn:], *circle[:turn]]
        yield (needing, needed), " -> ".join(way)


def _circle(graph: Mapping[str, list[str]]) -> list[str]:
    """One circle of exercises, each of which needs the next and the last the first; or none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        closed: list[str] = error.args[1]  # the first is also the last; each is needed by the next
        return closed[:0:-1]
    return []
