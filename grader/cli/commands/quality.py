"""``grade author quality``: what has been shown of each exercise, as one table."""

from __future__ import annotations

import click

from grader import authoring as tools
from grader.authoring import Quality
from grader.base.errors import NOT_PASSED, UsageError
from grader.base.printable import sanitize
from grader.cli.commands.arguments import complete, open_session
from grader.cli.console.progress_bar import ProgressBar
from grader.cli.console.terminal import complain, paint, say
from grader.grading.client import Engine


@click.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE | UNIT]...", shell_complete=complete)
@click.option(
    "--write", is_flag=True, help="Put the table of the whole course into docs/quality.md."
)
@click.option("--no-cache", is_flag=True, help="Ignore cached results.")
@click.pass_context
def quality(ctx: click.Context, names: tuple[str, ...], write: bool, no_cache: bool) -> None:
    """Count what the gate, the mutants, the styles and the peers have shown of each exercise.

    docs/quality.md says what the columns mean. What is unchanged is not run again. Exit code 1
    when the gate has found a fault, or a style or a peer does not pass.
    """
    session = open_session()
    if write and names:
        raise UsageError("--write is for the whole course; leave out the names")
    if write:
        tools.require_complete(session.workspace, session.course)
    exercises = session.find(names) if names else list(session.course.iterate_exercises())
    with Engine() as engine, ProgressBar() as bar:
        tell = bar.hide()(complain)
        found = tools.measure_quality(
            session, engine, exercises, tell, cached=not no_cache, watch=bar
        )
    _show(found)
    if write:
        tools.write_quality(session.workspace, found)
        say(f"written  {session.workspace.show_path(session.workspace.quality)}")
    refused = any(answer.complaints for answer in found.answers)
    ctx.exit(NOT_PASSED if found.faults or refused else 0)


def _show(found: Quality) -> None:
    """Show the table, each answer that did not pass, and how many faults there are."""
    rows = [tools.QUALITY_HEAD, *(row.format_cells() for row in (*found.rows, found.sum_rows()))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, (name, *cells) in enumerate(rows):
        first = paint(name.ljust(widths[0]), "name" if 0 < number < len(rows) - 1 else "strong")
        padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        say("  ".join([first, *padded]))
    for answer in found.answers:
        where = f"tests/{answer.sample.kind}/{answer.sample.exercise.unit}"
        at = f"{where}/{answer.sample.path.name}"
        for complaint in answer.complaints:
            say(f"{at}: {sanitize(complaint)}")
        if answer.lacks:
            say(f"{at}: not run without {', '.join(answer.lacks)}: pip install -e '.[peers]'")
    for fault in found.faults:
        say(str(fault))
