"""``grade author``: prove the exercises, write stubs, begin a new exercise."""

from __future__ import annotations

import click

from grader import authoring as tools
from grader.authoring import Survivor, Tally
from grader.base.errors import NOT_PASSED, Fault
from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.cli.commands.arguments import complete, open_session
from grader.cli.commands.propose import propose
from grader.cli.commands.quality import quality
from grader.cli.commands.trial import trial
from grader.cli.console.help_text import CommandGroup
from grader.cli.console.progress_bar import ProgressBar
from grader.cli.console.terminal import complain, paint, say
from grader.grading.client import Engine


@click.group(cls=CommandGroup)
def author() -> None:
    """Check and extend the course; see CONTRIBUTING.md."""


@author.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE | UNIT]...", shell_complete=complete)
@click.option("--no-cache", is_flag=True, help="Ignore cached results.")
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], no_cache: bool) -> None:
    """Check every exercise, and list each fault: the course gate.

    Stub, reference, mistakes, checks, hints and lesson: all that CONTRIBUTING.md asks for.
    """
    session = open_session()
    exercises = session.find(names) if names else list(session.course.iterate_exercises())
    with Engine() as engine, ProgressBar() as bar:
        tell = bar.hide()(complain)
        faults = tools.check(session, engine, exercises, tell, cached=not no_cache, watch=bar)
    count = f"{len(exercises)} exercise{'s' * (len(exercises) != 1)}"
    _report(ctx, faults, f"No faults in {count}.")


@author.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE | UNIT]...", shell_complete=complete)
@click.option(
    "--least",
    type=click.FloatRange(0, 100),
    help="Require only this percentage of the unexplained changes to be noticed.",
)
@click.option("--no-cache", is_flag=True, help="Ignore cached results.")
@click.pass_context
def mutate(ctx: click.Context, names: tuple[str, ...], least: float | None, no_cache: bool) -> None:
    """Change each reference in small ways, and list the changes that no check notices.

    A change that keeps the behaviour is explained in curriculum/UNIT/equivalent_EXERCISE.yml.
    Exit code 1 when one is left unexplained; with --least, when fewer are noticed.
    """
    session = open_session()
    exercises = session.find(names) if names else list(session.course.iterate_exercises())
    with Engine() as engine, ProgressBar() as bar:
        tell = bar.hide()(complain)
        tallies = tools.mutate(session, engine, exercises, tell, cached=not no_cache, watch=bar)
    for tally in tallies:
        _show_tally(tally)
    well = all(
        tally.percent >= least if least is not None else not tally.unexplained for tally in tallies
    )
    ctx.exit(0 if well and not any(tally.faults for tally in tallies) else NOT_PASSED)


author.add_command(propose)
author.add_command(quality)
author.add_command(trial)


@author.command()
@click.option("--check", "only_check", is_flag=True, help="Compare, and write nothing.")
@click.pass_context
def stubs(ctx: click.Context, only_check: bool) -> None:
    """Write the stub of each exercise that has no file; keep every file that is there."""
    session = open_session()
    if only_check:
        _report(
            ctx,
            tools.find_stub_faults(session),
            "Every stub is its reference with the bodies blanked.",
        )
    done = tools.write_stubs(session)
    for path in done.written:
        say(f"written  {session.workspace.show_path(path)}")
    for path in done.kept:
        shown = session.workspace.show_path(path)
        say(f"kept     {shown}: it differs from the stub; grade reset replaces it")
    say(f"{len(done.written)} written, {len(done.kept)} kept.")


@author.command()
@click.argument("name", metavar="UNIT/EXERCISE")
def new(name: str) -> None:
    """Write the skeleton of a new exercise: five files to fill in."""
    workspace = Workspace.find()
    done = tools.begin_exercise(workspace, name)
    for path in done.written:
        say(f"written  {workspace.show_path(path)}")
    for path in done.changed:
        say(f"changed  {workspace.show_path(path)}")
    if done.phase:
        say(f"The new unit is in phase {done.phase}; move it in curriculum/course.yml.")
    say("It is optional until curriculum/course.yml lists it under spine.")
    say(f"Next  fill them in, then: grade author stubs, grade author check {name}")


def _report(ctx: click.Context, faults: list[Fault], well: str) -> None:
    """Show each fault on a line, or that all is well, and end with the exit code."""
    for fault in faults:
        say(str(fault))
    say(f"{len(faults)} to fix." if faults else well)
    ctx.exit(NOT_PASSED if faults else 0)


def _show_tally(tally: Tally) -> None:
    """Show the counts of an exercise, each unexplained survivor with its diff, and each fault."""
    left, explained = len(tally.unexplained), len(tally.survivors) - len(tally.unexplained)
    say(
        f"{paint(tally.exercise, 'name')}  {int(tally.percent)} %: {tally.mutants} mutants, "
        f"{tally.noticed} noticed, {explained} explained, {left} unexplained, "
        f"{tally.seconds:.1f} s"
    )
    for survivor in tally.unexplained:
        _show_survivor(tally, survivor)
    for fault in tally.faults:
        say(str(fault))


def _show_survivor(tally: Tally, survivor: Survivor) -> None:
    breaks = f"  a check breaks: {survivor.breaks.strip()}" if survivor.breaks else ""
    say(f"\n{tally.reference}:{survivor.line}: no check notices it: {survivor.says}")
    for line in (*breaks.splitlines(), *survivor.diff.splitlines()):
        say(f"  {sanitize(line)}")
