"""``grade milestone``: what the learner's parts do together, run in a process of its own."""

from __future__ import annotations

import sys
from typing import Any

import click

from grader.base.errors import NOT_PASSED, PASSED, GroundworkError
from grader.cli.commands.arguments import open_session
from grader.cli.console.milestone_view import MilestoneView, format_owners
from grader.cli.console.overview import show_milestones
from grader.cli.console.redrawn_line import RedrawnLine
from grader.cli.console.terminal import complain, paint, say, say_all, wrap
from grader.course.model import Milestone
from grader.milestones import Reached
from grader.milestones.run import Settings
from grader.services.milestone import (
    choose_settings,
    find_milestone,
    list_owners,
    run_milestone,
)
from grader.services.session import Session


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the milestones that begin so."""
    try:
        milestones = open_session().course.milestones
    except GroundworkError:
        return []
    return [one.id for one in milestones if one.id.startswith(incomplete)]


@click.command()
@click.argument("name", required=False, shell_complete=_complete)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**31))
@click.option(
    "--model",
    "--base",
    "model",
    help="What is trained, where there is a choice: gpt, the default, or llama; of spam gpt or "
    "smollm2.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(0.05, 10_000),
    help="How long a model is trained.  [default: 10]",
)
@click.option("--device", help="Where a model is trained: cuda, mps.  [default: cpu]")
@click.option("--fresh", is_flag=True, help="Begin anew, even where a run could be continued.")
@click.pass_context
def milestone(ctx: click.Context, /, name: str | None, fresh: bool, **options: Any) -> None:
    """Run a milestone on your own code; alone, list the milestones.

    Exercises that you have passed run as you wrote them, the references stand in for the others.
    Your code runs in a process of its own, with limits of time and memory. Ctrl-C stops it; the
    same command continues a training from its last evaluation.
    """
    session = open_session()
    if name is None:
        show_milestones(session.read_progress())
        return
    chosen = find_milestone(session, name)
    settings = choose_settings(chosen, **options, fresh=fresh or None)
    say(f"{paint(chosen.title, 'strong')}  {chosen.id}")
    say_all(format_owners(list_owners(session, chosen, settings.model)))
    reached = _run(session, chosen, settings)
    if reached:
        say(wrap(chosen.text))
    following = session.read_progress().next
    if following is not None:
        say(f"{paint('Next', 'strong')}  {following}   (type: grade)")
    ctx.exit(PASSED if reached else NOT_PASSED)


def _run(session: Session, chosen: Milestone, settings: Settings) -> bool:
    """Run it, show its events as they come, and return whether it was reached."""
    reached = False
    with RedrawnLine(sys.stderr) as line:
        view = MilestoneView(chosen, line)
        try:
            for event in run_milestone(session, chosen, settings):
                view.show(event)
                reached = event.reached if isinstance(event, Reached) else reached
        except KeyboardInterrupt:
            line.clear()
            if view.has_evaluations:
                complain("The last evaluation is kept; the same command continues there.")
            raise
    return reached
