"""``grade site build`` and ``grade site serve``."""

from __future__ import annotations

import click

from grader.base.paths import Workspace
from grader.cli.commands.note import SECONDS, open_notes, run_notebooks
from grader.cli.console.help_text import CommandGroup
from grader.cli.console.terminal import complain, count_noun, say


@click.group(cls=CommandGroup)
def site() -> None:
    """Build or serve the site: tracker, exercises, log and notes."""


@site.command()
@click.option("--execute", is_flag=True, help="First run copies of the notebooks that changed.")
@click.option("--seconds", default=SECONDS, show_default=True, help="Time limit of each notebook.")
@click.option(
    "--with",
    "builder",
    type=click.Choice(["mkdocs", "zensical"]),
    default="mkdocs",
    show_default=True,
    help="What builds the site; Zensical becomes the default on 2027-03-01.",
)
def build(execute: bool, seconds: int, builder: str) -> None:
    """Render the pages and build the site into site/.

    Nothing in a notebook is run unless --execute asks for it.
    """
    from grader import site as pages

    workspace = Workspace.find()
    if execute:
        for failed in run_notebooks(workspace, open_notes(workspace).list_unexecuted(), seconds):
            complain(failed)
    for warning in pages.render_all(workspace).warnings:
        complain(warning)
    index = (pages.build_with_zensical if builder == "zensical" else pages.build)(workspace)
    say(f"The site is built: {index}")


@site.command()
def render() -> None:
    """Render the pages and stop: Markdown files that any builder of mkdocs.yml can read."""
    from grader import site as pages

    workspace = Workspace.find()
    done = pages.render_all(workspace)
    for warning in done.warnings:
        complain(warning)
    where = workspace.show_path(workspace.rendered)
    say(f"{count_noun(len(done.written), 'file')} written, {len(done.removed)} removed in {where}")


@site.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the site; what you grade, note or log shows within seconds."""
    from grader import site as pages

    workspace = Workspace.find()
    say(f"Serving on http://{host}:{port}/ until Ctrl-C")
    pages.serve(workspace, host, port)
