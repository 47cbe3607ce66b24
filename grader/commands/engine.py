"""``grade engine status|stop``: the process in the background that makes grading quick."""

from __future__ import annotations

import time

import click

from grader.console.paint import say
from grader.engine import door
from grader.errors import NOT_PASSED

STOP_SECONDS = 60.0
"""How long runs under way may take until their grader ends."""


@click.group()
def engine() -> None:
    """The warm grader: a process that keeps torch and pytest loaded between commands.

    It starts by itself, and ends after 30 idle minutes.
    """


@engine.command()
@click.pass_context
def status(ctx: click.Context) -> None:
    """Whether it runs, since when, and what it takes. Exit code 1 when it does not."""
    found = door.hosts() if door.possible() else []
    for host in found:
        say(
            f"running  process {host['pid']}, {_ago(host['seconds'])}, "
            f"{host['bytes'] / 1e6:.0f} MB in {host['processes']} processes; "
            f"Python {host['python']}, torch {host['torch']}"
        )
    if not found:
        say("not running: the next grade starts it")
    ctx.exit(0 if found else NOT_PASSED)


@engine.command()
def stop() -> None:
    """End it, once the runs under way are done. The next grade starts another."""
    count = door.stop() if door.possible() else 0
    end = time.monotonic() + STOP_SECONDS
    while count and door.hosts() and time.monotonic() < end:
        time.sleep(0.05)
    say("stopped" if count else "it was not running")


def _ago(seconds: float) -> str:
    minutes = int(seconds) // 60
    return f"for {minutes} minutes" if minutes else f"for {int(seconds)} seconds"
