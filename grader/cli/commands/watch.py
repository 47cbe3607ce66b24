"""``grade watch``: grade on save, on one screen or over a pipe."""

from __future__ import annotations

import click

from grader.cli.commands.arguments import complete, open_session


@click.command()
@click.argument("name", required=False, metavar="[EXERCISE]", shell_complete=complete)
@click.option("--poll", is_flag=True, help="Poll the files every 0.25 s, as on a network mount.")
@click.option("--plain", is_flag=True, help="Print lines instead of a screen, as over a pipe.")
@click.option("--cold", is_flag=True, help="Fresh processes instead of forks; slower.")
def watch(name: str | None, poll: bool, plain: bool, cold: bool) -> None:
    """Grade what you save, at once: the next exercise, or the one named.

    Saving another exercise's file makes that one the current exercise. A pass is recorded at once.
    """
    from grader.cli.watch.launcher import run_watch

    session = open_session()
    run_watch(session, session.find_one(name) if name else None, poll=poll, plain=plain, cold=cold)
