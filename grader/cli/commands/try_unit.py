"""``grade try``: what the learner's own exercises of a unit do with an input of theirs."""

from __future__ import annotations

import click

from grader.base.errors import GroundworkError, UsageError
from grader.cli.commands.arguments import open_session
from grader.cli.console.finish import format_try
from grader.cli.console.terminal import format_entry, say
from grader.course.model import Unit
from grader.learner.progress import find_similar, is_finished
from grader.services.demo import DemoTarget, run_demo
from grader.services.session import Session


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the units that begin so and have a demo."""
    try:
        units = open_session().course.iterate_units()
    except GroundworkError:
        return []
    return [unit.id for unit in units if unit.finish and unit.id.startswith(incomplete)]


# So that a text may begin with a minus, as numbers do.
@click.command(name="try", context_settings={"ignore_unknown_options": True})
@click.argument("unit", required=False, shell_complete=_complete)
@click.argument("text", nargs=-1)
@click.option(
    "--target",
    type=click.Choice(["exercises", "solutions"]),
    default="exercises",
    show_default=True,
    help="Whose code runs: yours, or the references.",
)
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(1, 36_000))
def try_unit(unit: str | None, text: tuple[str, ...], target: DemoTarget, seconds: float) -> None:
    """Run a unit's exercises, as you wrote them, on an input of your own.

    Without a text an example is taken; alone, list what there is to try. Your code runs in a
    process of its own, with limits of time and memory.
    """
    session = open_session()
    if unit is None:
        _list(session)
        return
    found = _find_unit(session, unit)
    example = found.finish.example if found.finish else ""
    say(run_demo(session, found, " ".join(text) or example, target, seconds))


def _find_unit(session: Session, name: str) -> Unit:
    units = {unit.id: unit for unit in session.course.iterate_units()}
    if name in units:
        return units[name]
    close = find_similar(name, units)
    meant = f"did you mean {close[0]}?" if close else "grade try lists them."
    raise UsageError(f"no unit is called {name!r}; {meant}")


def _list(session: Session) -> None:
    progress = session.read_progress()
    units = [unit for unit in session.course.iterate_units() if unit.finish]
    column = max((len(unit.title) for unit in units), default=0)
    for unit in units:
        box = "[x]" if is_finished(unit, progress) else "[ ]"
        say(format_entry(box, unit.title, column, format_try(unit)))
