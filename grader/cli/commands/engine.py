"""``grade engine status|stop``: the process in the background that makes grading quick."""

from __future__ import annotations

import time

import click

from grader.base.errors import NOT_PASSED
from grader.cli.console.help_text import CommandGroup
from grader.cli.console.terminal import count_noun, say
from grader.grading.host import discovery

STOP_SECONDS = 60.0
"""How long runs under way may take until their grader ends."""


@click.group(cls=CommandGroup)
def engine() -> None:
    """Show or stop the warm grader, which keeps torch and pytest loaded between commands.

    It starts by itself, and ends after 30 idle minutes.
    """


@engine.command()
@click.pass_context
def status(ctx: click.Context) -> None:
    """Show whether it runs, since when, and its memory. Exit code 1 when it does not run."""
    found = discovery.list_hosts() if discovery.is_supported() else []
    for host in found:
        say(
            f"running  process {host['pid']}, {_format_age(host['seconds'])}, "
            f"{host['bytes'] / 1e6:.0f} MB in {_count_processes(host['processes'])}; "
            f"Python {host['python']}, torch {host['torch']}"
        )
    if not found:
        say("not running: the next grade starts it")
    ctx.exit(0 if found else NOT_PASSED)


@engine.command()
def stop() -> None:
    """Stop it after the current runs have ended. The next grade starts another."""
    count = discovery.stop_hosts() if discovery.is_supported() else 0
    end = time.monotonic() + STOP_SECONDS
    while count and discovery.list_hosts() and time.monotonic() < end:
        time.sleep(0.05)
    say("stopped" if count else "it was not running")


def _count_processes(number: int) -> str:
    return "1 process" if number == 1 else f"{number} processes"


def _format_age(seconds: float) -> str:
    minutes = int(seconds) // 60
    if minutes:
        return f"for {count_noun(minutes, 'minute')}"
    return f"for {count_noun(int(seconds), 'second')}"
