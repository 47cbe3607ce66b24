"""``grade author quality``: what has been shown of each exercise, as one table."""

from __future__ import annotations

import click

from grader import author as tools
from grader.author import Quality
from grader.commands.names import complete, desk
from grader.console.bar import Bar
from grader.console.paint import complain, paint, say
from grader.engine.client import Engine
from grader.errors import NOT_PASSED, UsageError
from grader.harmless import harmless


@click.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE | UNIT]...", shell_complete=complete)
@click.option(
    "--write", is_flag=True, help="Put the table of the whole course into docs/quality.md."
)
@click.option("--no-cache", is_flag=True, help="Look again at what is known already.")
@click.pass_context
def quality(ctx: click.Context, names: tuple[str, ...], write: bool, no_cache: bool) -> None:
    """Count what the gate, the mutants, the styles and the peers have shown of each exercise.

    docs/quality.md says what the columns mean. What is unchanged is not run again. Exit code 1
    when the gate has something to mend, or a style or a peer does not pass.
    """
    at = desk()
    if write and names:
        raise UsageError("--write is for the whole course: name no exercise")
    if write:
        tools.quality_ready(at.workspace, at.course)
    exercises = at.find(names) if names else list(at.course.exercises())
    with Engine() as engine, Bar() as bar:
        tell = bar.aside()(complain)
        found = tools.quality(at, engine, exercises, tell, cached=not no_cache, watch=bar)
    _show(found)
    if write:
        tools.write_quality(at.workspace, found)
        say(f"written  {at.workspace.shown(at.workspace.quality)}")
    refused = any(answer.complaints for answer in found.answers)
    ctx.exit(NOT_PASSED if found.faults or refused else 0)


def _show(found: Quality) -> None:
    """The table, each answer that did not pass, and how many faults there are."""
    rows = [tools.QUALITY_HEAD, *(row.cells() for row in (*found.rows, found.total()))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, (name, *cells) in enumerate(rows):
        first = paint(name.ljust(widths[0]), "name" if 0 < number < len(rows) - 1 else "strong")
        padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        say("  ".join([first, *padded]))
    for answer in found.answers:
        where = f"tests/{answer.submission.kind}/{answer.submission.exercise.unit}"
        at = f"{where}/{answer.submission.path.name}"
        for complaint in answer.complaints:
            say(f"{at}: {harmless(complaint)}")
        if answer.lacks:
            say(f"{at}: not run without {', '.join(answer.lacks)}: pip install -e '.[peers]'")
    for fault in found.faults:
        say(str(fault))
