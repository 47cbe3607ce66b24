"""``grade watch``: grade on save, on one screen or over a pipe."""

from __future__ import annotations

import click

from grader.commands.names import complete, desk


@click.command()
@click.argument("name", required=False, metavar="[EXERCISE]", shell_complete=complete)
@click.option("--poll", is_flag=True, help="Look at the files every 0.25 s, as on a network mount.")
@click.option("--plain", is_flag=True, help="Lines instead of a screen, as over a pipe.")
@click.option("--cold", is_flag=True, help="Fresh processes instead of forks; slower.")
def watch(name: str | None, poll: bool, plain: bool, cold: bool) -> None:
    """Grade what you save, at once: the next exercise, or the one named.

    Saving another exercise's file takes that one in hand. A pass is recorded at once.
    """
    from grader.watching.watch import watch as begin

    at = desk()
    begin(at, at.one(name) if name else None, poll=poll, plain=plain, cold=cold)
