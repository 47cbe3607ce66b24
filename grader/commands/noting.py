"""``grade note``: starts a note, lists the notes, runs a copy of a notebook."""

from __future__ import annotations

from pathlib import Path

import click

from grader import clock
from grader.commands.names import complete
from grader.console.paint import complain, paint, say
from grader.errors import GroundworkError, NoteError, UsageError
from grader.harmless import harmless
from grader.notes import Note, Notes, start
from grader.practice import Desk
from grader.settings import Settings
from grader.workspace import Workspace

SECONDS = 600
"""As long may a notebook run."""


@click.command()
@click.argument("title", nargs=-1)
@click.option("--about", multiple=True, shell_complete=complete, help="An exercise it is about.")
@click.option("--notebook", is_flag=True, help="A Jupyter notebook instead of Markdown.")
@click.option("--edit", is_flag=True, help="Open it in your editor.")
@click.option("--execute", multiple=True, metavar="PATH", help="Run a copy of this notebook.")
@click.option(
    "--seconds", default=SECONDS, show_default=True, type=click.IntRange(1), help="Its deadline."
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

    A note with that very title is left as it is. --execute runs a copy of a notebook and keeps
    the outputs for the site; your file is not touched.
    """
    workspace = Workspace.find()
    if execute:
        _only(not (title or about or notebook or edit), "--execute stands alone")
        failed = run_all(workspace, [_path(workspace, name) for name in execute], seconds)
        if failed:
            raise NoteError("\n".join(failed))
    elif title:
        _start(workspace, " ".join(title), about, notebook, edit)
    else:
        _only(not (about or notebook or edit), 'give a title: grade note "why divide by root d"')
        _list(workspace)


def run_all(workspace: Workspace, paths: list[Path], seconds: int) -> list[str]:
    """Run a copy of each notebook; what went wrong, after all have been tried."""
    from grader import kernels

    notes, failed = notes_of(workspace), list[str]()
    day = Settings.read(workspace.settings).day_of(clock.now()).isoformat()
    for path in paths:
        try:
            told = kernels.execute(notes, path, workspace.root, seconds, day)
            say(f"{workspace.shown(path)}: {told}")
        except GroundworkError as error:
            failed.append(str(error))
    return failed


def notes_of(workspace: Workspace) -> Notes:
    """The learner's notes."""
    return Notes(workspace.notes, workspace.cache / "notes")


def _only(well: bool, told: str) -> None:
    if not well:
        raise UsageError(f"{told}.")


def _path(workspace: Workspace, name: str) -> Path:
    """A notebook by its path, from here or from the notes' folder."""
    for path in (Path(name).absolute(), workspace.notes / name):
        if path.is_file() and path.suffix == ".ipynb":
            return path
    raise UsageError(f"no notebook at {name}; give its path, such as docs/notes/attention.ipynb")


def _start(
    workspace: Workspace, title: str, about: tuple[str, ...], notebook: bool, edit: bool
) -> None:
    ids: tuple[str, ...] = ()
    if about:
        desk = Desk.at(workspace)
        names = [part.strip() for name in about for part in name.split(",") if part.strip()]
        ids = tuple(dict.fromkeys(desk.one(name).id for name in names))
    started = start(notes_of(workspace), title, ids, "notebook" if notebook else "markdown")
    say(workspace.shown(started.path))
    if not started.fresh:
        complain("It was there already and is left as it is.")
    if edit:
        click.edit(filename=str(started.path))


def _list(workspace: Workspace) -> None:
    held = notes_of(workspace).listed()
    if not held:
        say('No notes yet. Begin with: grade note "what I want to remember"')
    for found in held:
        say(_line(workspace, found))


def _line(workspace: Workspace, found: Note) -> str:
    path = paint(harmless(workspace.shown(found.path)), "name")
    if found.fault:
        return f"{path}  {paint('cannot be read', 'bad')}"
    about = f" · about {', '.join(found.about)}" if found.about else ""
    return f"{path}  {harmless(found.title + about, 500)}"
