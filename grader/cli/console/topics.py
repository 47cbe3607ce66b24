"""What ``grade help`` says of an exercise, a unit and a term."""

from __future__ import annotations

from collections.abc import Sequence

from grader.cli.console.overview import format_row, format_title
from grader.cli.console.terminal import label_line, paint, wrap
from grader.course.model import Exercise, Term, Unit
from grader.learner.progress import Progress
from grader.learner.states import EXERCISES


def format_term(term: Term) -> list[str]:
    """Return what a term means, its other names and where it is taught."""
    lines = [paint(term.term, "strong"), wrap(term.text)]
    if term.also:
        lines.append(label_line("Also", ", ".join(term.also)))
    if term.taught:
        lines.append(label_line("Taught", f"curriculum/{term.taught}.md"))
    return lines


def format_unit(unit: Unit, progress: Progress) -> list[str]:
    """Return what a unit is about, and its exercises with their states."""
    rows = [format_row(exercise, progress) for exercise in unit.exercises]
    return [paint(unit.title, "strong"), wrap(unit.summary), *rows]


def format_exercise(
    exercise: Exercise,
    progress: Progress,
    where: str,
    lesson: str,
    readings: Sequence[str],
    optional: bool,
) -> list[str]:
    """Return what an exercise asks for, where it is, what it needs and what to type."""
    state = EXERCISES[progress.states[exercise.id]].word
    lines = [
        format_title(exercise),
        wrap(exercise.summary),
        label_line("State", f"{state}; about {exercise.minutes} minutes{'; optional' * optional}"),
        label_line("Write", ", ".join(exercise.writes)),
        label_line("Open", f"{where}   (grade open {exercise.id})"),
        label_line("Lesson", lesson),
    ]
    if exercise.needs:
        lines.append(label_line("Needs", ", ".join(exercise.needs)))
    if readings:
        lines.append(label_line("Read", "; ".join(readings)))
    if exercise.forbids:
        lines.append(label_line("Without", ", ".join(exercise.forbids)))
    return [*lines, label_line("Then", f"grade {exercise.id}   stuck? grade hint {exercise.id}")]
