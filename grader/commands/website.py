"""``grade site build`` and ``grade site serve``."""

from __future__ import annotations

import click

from grader.commands.noting import SECONDS, notes_of, run_all
from grader.console.paint import complain, say
from grader.workspace import Workspace


@click.group()
def site() -> None:
    """Build or serve the site: tracker, exercises, log and notes."""


@site.command()
@click.option("--execute", is_flag=True, help="Run copies of the notebooks that changed first.")
@click.option("--seconds", default=SECONDS, show_default=True, help="Deadline of each notebook.")
def build(execute: bool, seconds: int) -> None:
    """Render the pages and build the site into site/.

    Nothing in a notebook is run unless --execute asks for it.
    """
    from grader import pages

    workspace = Workspace.find()
    if execute:
        for failed in run_all(workspace, notes_of(workspace).unexecuted(), seconds):
            complain(failed)
    for warning in pages.render_all(workspace).warnings:
        complain(warning)
    index = pages.build(workspace)
    say(f"The site is built: {index}")


@site.command()
def render() -> None:
    """Only render the pages, as Markdown files that any builder of mkdocs.yml can read."""
    from grader import pages

    workspace = Workspace.find()
    done = pages.render_all(workspace)
    for warning in done.warnings:
        complain(warning)
    where = workspace.shown(workspace.rendered)
    say(f"{len(done.written)} files written, {len(done.removed)} removed in {where}")


@site.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the site; what you grade, note or log shows within two seconds."""
    from grader import pages

    workspace = Workspace.find()
    say(f"Serving on http://{host}:{port}/ until Ctrl-C")
    pages.serve(workspace, host, port)
