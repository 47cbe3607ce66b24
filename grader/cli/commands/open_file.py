"""``grade open``: an exercise's file in the learner's editor, at the line to write."""

from __future__ import annotations

import os

import click

from grader.base.errors import UsageError
from grader.cli.commands.arguments import add_exercise_argument, choose_exercise, open_session
from grader.cli.console.editor import open_in_editor
from grader.cli.console.terminal import say
from grader.services.help import locate_stub
from grader.services.submission import find_first_line


@click.command(name="open")
@add_exercise_argument
@click.option("--lesson", is_flag=True, help="Open the lesson instead.")
def open_file(name: str | None, lesson: bool) -> None:
    """Open an exercise's file in your editor, at the line to write.

    Without a name it is the exercise that plain `grade` would grade. VISUAL and then EDITOR name
    the editor; without them the editor around the terminal is taken, or one that is installed.
    """
    session = open_session()
    chosen = choose_exercise(session, name)
    if lesson:
        path, line = session.workspace.locate_lesson(chosen.id), None
        shown = session.workspace.show_path(path)
    else:
        path = session.workspace.locate_stub(chosen.id)
        line, shown = find_first_line(path, chosen), locate_stub(session, chosen)
    if not os.path.lexists(path):
        raise UsageError(
            f"{shown} does not exist; write a fresh stub with: grade reset {chosen.id}"
        )
    say(shown)
    open_in_editor(path, line)
