"""``grade note``: starts a note, lists the notes, runs a copy of a notebook."""

from __future__ import annotations

from pathlib import Path

import click

from grader.base import clock
from grader.base.errors import GroundworkError, NoteError, UsageError
from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.cli.commands.arguments import complete
from grader.cli.console.terminal import complain, paint, say
from grader.learner.notes import Note, NoteKind, Notes, create_note
from grader.learner.settings import Settings
from grader.services.session import Session

SECONDS = 600
"""As long may a notebook run."""


@click.command()
@click.argument("title", nargs=-1)
@click.option(
    "--about", multiple=True, shell_complete=complete, help="An exercise the note is about."
)
@click.option("--notebook", is_flag=True, help="A Jupyter notebook instead of Markdown.")
@click.option("--edit", is_flag=True, help="Open it in your editor.")
@click.option("--execute", multiple=True, metavar="PATH", help="Run a copy of this notebook.")
@click.option(
    "--seconds", default=SECONDS, show_default=True, type=click.IntRange(1), help="Its time limit."
)
def note(
    title: tuple[str, ...],
    about: tuple[str, ...],
    notebook: bool,
    edit: bool,
    execute: tuple[str, ...],
    seconds: int,
) -> None:
    """Start a note under docs/notes and print its path; alone, list the notes.

    A note with exactly that title is not changed. --execute runs a copy of a notebook and keeps
    the outputs for the site; your file is not changed.
    """
    workspace = Workspace.find()
    if execute:
        _require(
            not (title or about or notebook or edit), "--execute takes no title and no other option"
        )
        failed = run_notebooks(
            workspace, [_find_notebook(workspace, name) for name in execute], seconds
        )
        if failed:
            raise NoteError("\n".join(failed))
    elif title:
        _start(workspace, " ".join(title), about, notebook, edit)
    else:
        _require(not (about or notebook or edit), 'give a title: grade note "why divide by root d"')
        _list(workspace)


def run_notebooks(workspace: Workspace, paths: list[Path], seconds: int) -> list[str]:
    """Run a copy of each notebook; what went wrong, after all have been tried."""
    from grader.learner import notebooks

    notes, failed = open_notes(workspace), list[str]()
    day = Settings.read(workspace.settings).find_day(clock.get_now()).isoformat()
    for path in paths:
        try:
            result = notebooks.execute(notes, path, workspace.root, seconds, day)
            say(f"{workspace.show_path(path)}: {result}")
        except GroundworkError as error:
            failed.append(str(error))
    return failed


def open_notes(workspace: Workspace) -> Notes:
    """Return the learner's notes."""
    return Notes(workspace.notes, workspace.cache / "notes")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise UsageError(f"{message}.")


def _find_notebook(workspace: Workspace, name: str) -> Path:
    """Return a notebook by its path, from here or from the notes' folder."""
    for path in (Path(name).absolute(), workspace.notes / name):
        if path.is_file() and path.suffix == ".ipynb":
            return path
    raise UsageError(f"no notebook at {name}; give its path, such as docs/notes/attention.ipynb")


def _start(
    workspace: Workspace, title: str, about: tuple[str, ...], notebook: bool, edit: bool
) -> None:
    ids: tuple[str, ...] = ()
    if about:
        session = Session.open(workspace)
        names = [part.strip() for name in about for part in name.split(",") if part.strip()]
        ids = tuple(dict.fromkeys(session.find_one(name).id for name in names))
    kind: NoteKind = "notebook" if notebook else "markdown"
    today = Settings.read_leniently(workspace.settings)[0].find_day(clock.get_now())
    started = create_note(open_notes(workspace), title, ids, kind, today)
    say(workspace.show_path(started.path))
    if not started.fresh:
        complain("It exists already and was not changed.")
    if edit:
        from grader.cli.console.editor import open_in_editor

        open_in_editor(started.path)


def _list(workspace: Workspace) -> None:
    held = open_notes(workspace).read_titles()
    if not held:
        say('No notes yet. Begin with: grade note "what I want to remember"')
    for found in held:
        say(_format_note(workspace, found))


def _format_note(workspace: Workspace, found: Note) -> str:
    path = paint(sanitize(workspace.show_path(found.path)), "name")
    if found.fault:
        return f"{path}  {paint('cannot be read', 'bad')}"
    about = f" · about {', '.join(found.about)}" if found.about else ""
    return f"{path}  {sanitize(found.title + about, 500)}"
