"""Names of exercises on the command line: arguments, and their completion in a shell."""

from __future__ import annotations

from typing import Any

import click

from grader.base.errors import GroundworkError, UsageError
from grader.base.paths import Workspace
from grader.course.model import Exercise
from grader.services.session import Session


def open_session() -> Session:
    """Open the workspace that holds the current folder."""
    return Session.open(Workspace.find())


def list_completions(incomplete: str) -> list[str]:
    """Return the exercises and units that begin so; none when the course cannot be read."""
    try:
        course = open_session().course
    except GroundworkError:
        return []
    names = [
        *(unit.id for unit in course.iterate_units()),
        *(e.id for e in course.iterate_exercises()),
    ]
    return [name for name in names if name.startswith(incomplete)]


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete one argument."""
    return list_completions(incomplete)


def add_exercise_argument(function: Any) -> Any:
    """Add the argument that names one exercise; without it the next one is meant."""
    argument = click.argument("name", required=False, metavar="[EXERCISE]", shell_complete=complete)
    return argument(function)


def choose_exercise(session: Session, name: str | None) -> Exercise:
    """Return the exercise of that name; without one, the exercise that ``grade`` would grade."""
    if name is not None:
        return session.find_one(name)
    following = session.read_progress().next
    if following is None:
        raise UsageError(
            "every exercise is passed, so none is next; name one. grade list lists them."
        )
    return session.course.find_exercise(following)
