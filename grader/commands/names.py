"""Names of exercises on the command line: arguments, and their completion in a shell."""

from __future__ import annotations

from typing import Any

import click

from grader.errors import GroundworkError
from grader.practice import Desk
from grader.workspace import Workspace


def desk() -> Desk:
    """The workspace that holds the current folder, opened."""
    return Desk.at(Workspace.find())


def completions(incomplete: str) -> list[str]:
    """The exercises and units that begin so; none when the course cannot be read."""
    try:
        course = desk().course
    except GroundworkError:
        return []
    names = [*(unit.id for unit in course.units()), *(e.id for e in course.exercises())]
    return [name for name in names if name.startswith(incomplete)]


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Completion of one argument."""
    return completions(incomplete)


def exercise_argument(function: Any) -> Any:
    """One exercise, named."""
    return click.argument("exercise", metavar="EXERCISE", shell_complete=complete)(function)
