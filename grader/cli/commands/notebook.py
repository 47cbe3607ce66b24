"""``grade notebook``: an exercise as a Jupyter notebook, opened where there is one to open it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import click

from grader.base.errors import UsageError
from grader.cli.commands.arguments import add_exercise_argument, choose_exercise, open_session
from grader.cli.console.editor import find_editor_around
from grader.cli.console.terminal import complain, say
from grader.course.model import Exercise
from grader.services.exercise_cell import ExerciseFile
from grader.services.exercise_notebook import OpenedNotebook, open_notebook, read_graded_cell
from grader.services.session import Session

INSTALL = 'python -m pip install -e ".[notebook]"'


@click.command()
@add_exercise_argument
@click.option("--no-open", is_flag=True, help="Write the notebook and open nothing.")
def notebook(name: str | None, no_open: bool) -> None:
    """Open an exercise as a Jupyter notebook: contract, lesson, and a cell to write in.

    In the notebook `%%grade` writes that cell into the exercise's file and shows the verdict. A
    notebook that exists is opened as it is. Without a name it is the exercise that plain `grade`
    would grade.
    """
    from grader.site.notebook_cells import make_cells

    session = open_session()
    chosen = choose_exercise(session, name)
    opened = open_notebook(session, chosen, make_cells(session, chosen))
    say(session.workspace.show_path(opened.path))
    if opened.fault:
        raise UsageError(f"it is not a notebook: {opened.fault}. Move it away, then try again.")
    _describe(session, chosen, opened)
    if not no_open:
        _open(session, opened)


def _describe(session: Session, exercise: Exercise, opened: OpenedNotebook) -> None:
    """Say what differs from the file, and remember what a new notebook has read of it."""
    file = ExerciseFile(session, exercise, opened.path)
    if opened.fresh:
        if file.path.is_file():
            file.take()
        return
    if opened.refreshed:
        say(f"Brought up to date: {', '.join(opened.refreshed)}.")
    cell = read_graded_cell(opened.path, exercise)
    if cell is not None and file.compare(cell):
        complain(
            f"Its cell differs from {file.shown}, which is what is graded. In the notebook %grade "
            "shows the difference."
        )


def _open(session: Session, opened: OpenedNotebook) -> None:
    """Open the notebook in the editor around this terminal, or in JupyterLab, or say in what."""
    editor = find_editor_around(os.environ)
    if editor is not None:
        subprocess.run([editor, str(opened.path)], check=False)
        return
    if find_spec("jupyterlab") is None:
        say(
            "JupyterLab is not installed in this environment. Open the file in VS Code or PyCharm "
            f"with this environment's Python as its kernel, or install JupyterLab: {INSTALL}"
        )
        return
    say("JupyterLab opens in your browser. Ctrl-C ends it.")
    sys.stdout.flush()
    root = f"--ServerApp.root_dir={session.workspace.root}"
    command = [sys.executable, "-m", "jupyterlab", root, str(opened.path)]
    if code := subprocess.run(command, check=False).returncode:
        raise UsageError(f"JupyterLab ended with code {code}. The notebook: {opened.path}")
