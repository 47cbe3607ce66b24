"""What the gate asks of a lesson beside its words: diagrams, the snippet, and its terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.authoring.case import Case
from grader.authoring.snippets import find_shortfall
from grader.base.errors import Fault
from grader.course.lessons.diagrams.draw import draw
from grader.course.lessons.diagrams.shapes import WIDEST
from grader.course.lessons.lesson import SEE_IT_BREAK, read_lesson
from grader.course.lessons.terms import find_early_uses
from grader.course.model import Course


def check_lesson(text: str, path: Path) -> Iterator[Fault]:
    """Yield what is wrong with a lesson's diagrams and its snippet, which is run."""
    if not text:
        return  # reported when it was read
    lesson = read_lesson(text, path)
    yield from lesson.faults
    if not lesson.diagrams and not lesson.faults:
        yield Fault(path, 1, 1, "the lesson has no diagram", "add a block: ```diagram")
    for diagram in lesson.diagrams:
        width = draw(diagram.drawable).width
        if width > WIDEST:
            problem = f"the diagram is {width:.0f} units wide"
            yield Fault(
                path, diagram.line, 1, problem, f"make it {WIDEST:.0f} at most: fewer cells"
            )
    if lesson.snippet is None:
        if not lesson.faults:
            problem = f'the lesson has no section "{SEE_IT_BREAK}"'
            yield Fault(path, 1, 1, problem, "add it: a python block and its output")
    elif shortfall := find_shortfall(lesson.snippet):
        yield Fault(path, lesson.snippet.line, 1, *shortfall)


def check_terms(course: Course, cases: Sequence[Case]) -> Iterator[Fault]:
    """Yield each use of a term before the exercise that explains it, unless it is linked."""
    read = {case.exercise.id: case for case in cases}
    for exercise, use in find_early_uses(course, {id: case.lesson for id, case in read.items()}):
        before = read[exercise].lesson[: use.start]
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        problem = f'"{use.term.term}" is explained later, in {use.term.taught}'
        remedy = f"rephrase it, or link it: [{use.term.term}](../../glossary.md#{use.term.anchor})"
        yield Fault(read[exercise].at.lesson, line, column, problem, remedy)
