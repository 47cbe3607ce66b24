"""``grade author``: prove the exercises, write stubs, begin a new exercise."""

from __future__ import annotations

import click

from grader import author as tools
from grader.commands.names import complete, desk
from grader.commands.quality import quality
from grader.commands.survivors import show_tally
from grader.console.bar import Bar
from grader.console.paint import complain, say
from grader.engine.client import Engine
from grader.errors import NOT_PASSED, Fault
from grader.workspace import Workspace


@click.group()
def author() -> None:
    """Tools for authors of the course; see CONTRIBUTING.md."""


@author.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE | UNIT]...", shell_complete=complete)
@click.option("--no-cache", is_flag=True, help="Prove again what is proved already.")
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], no_cache: bool) -> None:
    """The course gate: prove that every exercise is sound, or name each shortfall.

    Stub, reference, mistakes, checks, hints and lesson: all that CONTRIBUTING.md asks for.
    """
    at = desk()
    exercises = at.find(names) if names else list(at.course.exercises())
    with Engine() as engine, Bar() as bar:
        tell = bar.aside()(complain)
        faults = tools.check(at, engine, exercises, tell, cached=not no_cache, watch=bar)
    _tell(ctx, faults, f"{len(exercises)} exercises are proved.")


@author.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE | UNIT]...", shell_complete=complete)
@click.option(
    "--least",
    type=click.FloatRange(0, 100),
    help="So many percent noticed, of those not explained, will do.",
)
@click.option("--no-cache", is_flag=True, help="Look again at what is known already.")
@click.pass_context
def mutate(ctx: click.Context, names: tuple[str, ...], least: float | None, no_cache: bool) -> None:
    """Change each reference in small ways, and list the changes that no check notices.

    A change that means the same is explained in curriculum/UNIT/equivalent_EXERCISE.yml.
    Exit code 1 when one is left unexplained; with --least, when fewer are noticed.
    """
    at = desk()
    exercises = at.find(names) if names else list(at.course.exercises())
    with Engine() as engine, Bar() as bar:
        tell = bar.aside()(complain)
        tallies = tools.mutate(at, engine, exercises, tell, cached=not no_cache, watch=bar)
    for tally in tallies:
        show_tally(tally)
    well = all(
        tally.percent >= least if least is not None else not tally.unexplained for tally in tallies
    )
    ctx.exit(0 if well and not any(tally.faults for tally in tallies) else NOT_PASSED)


author.add_command(quality)


@author.command()
@click.option("--check", "only_check", is_flag=True, help="Compare, and write nothing.")
@click.pass_context
def stubs(ctx: click.Context, only_check: bool) -> None:
    """Write the stub of each exercise that has no file; keep every file that is there."""
    at = desk()
    if only_check:
        _tell(ctx, tools.stub_faults(at), "Every stub is its reference with the bodies blanked.")
    done = tools.write_stubs(at)
    for path in done.written:
        say(f"written  {at.workspace.shown(path)}")
    for path in done.kept:
        say(f"kept     {at.workspace.shown(path)}: it is not the stub; grade reset writes that")
    say(f"{len(done.written)} written, {len(done.kept)} kept.")


@author.command()
@click.argument("name", metavar="UNIT/EXERCISE")
def new(name: str) -> None:
    """Write the skeleton of a new exercise: five pieces, to be filled in."""
    workspace = Workspace.find()
    done = tools.new(workspace, name)
    for path in done.written:
        say(f"written  {workspace.shown(path)}")
    for path in done.changed:
        say(f"changed  {workspace.shown(path)}")
    if done.phase:
        say(f"The new unit stands in phase {done.phase}; move it in curriculum/course.yml.")
    say(f"Next  fill them in, then: grade author stubs, grade author check {name}")


def _tell(ctx: click.Context, faults: list[Fault], well: str) -> None:
    """Each fault on a line, or that all is well; and the exit code."""
    for fault in faults:
        say(str(fault))
    say(f"{len(faults)} to mend." if faults else well)
    ctx.exit(NOT_PASSED if faults else 0)
