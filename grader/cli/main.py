"""``grade``: the command line. It finds the command, and turns what went wrong into words.

A command's module is imported when it is called, so that each pays only for what it needs.
Words that are no command are names of exercises: ``grade attention/softmax``.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from grader import __version__
from grader.base.errors import NOT_PASSED, OUR_FAULT, PASSED, USAGE, GroundworkError
from grader.base.files import explain_os_error
from grader.cli.commands.table import COMMANDS
from grader.cli.console.fault_report import keep_fault
from grader.cli.console.help_text import HelpText
from grader.cli.console.terminal import complain

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

HIDDEN = {"run"}


class GradeGroup(click.Group):
    """The commands, imported when called; unknown words go to ``run``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands that help shows, in the order of use."""
        return [name for name in COMMANDS if name not in HIDDEN]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command of that name, from its module."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        found = getattr(importlib.import_module(f"grader.cli.commands.{module}"), attribute)
        assert isinstance(found, click.Command)
        # ``__main__`` has turned the collector off while modules load, which make no garbage. What
        # is loaded stays, so the collector is told to pass it over for good.
        gc.freeze()
        gc.enable()
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``run`` before anything that is no command of ours."""
        if not args or (args[0] not in COMMANDS and args[0] not in ("--help", "--version", "-h")):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return commands and exercises."""
        from click.shell_completion import CompletionItem

        from grader.cli.commands.arguments import list_completions

        commands = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [CompletionItem(name) for name in [*commands, *list_completions(incomplete)]]


@click.group(
    cls=GradeGroup,
    name="grade",
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="",
    subcommand_metavar="[EXERCISE | UNIT | COMMAND]... [OPTIONS]",
    epilog="Options of grading itself: grade run --help",
)
@click.version_option(__version__, prog_name="grade")
def grade() -> None:
    """Grade the next exercise and say what to do then.

    `grade` alone takes the next exercise. `grade attention/softmax`, `grade attention` and
    `grade --all` take one, a unit, or all.
    """


def main(args: list[str] | None = None) -> None:
    """Run one command; every error becomes words and an exit code, never a traceback."""
    # Started without standard output, as by pythonw or with ``>&-``, Python has None there.
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - closed by the caller
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    # A letter that the terminal's encoding lacks is printed as an escape, not raised.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(args)
    except OSError:  # what could not be said on standard output cannot be said on standard error
        code = USAGE
    for stream in (sys.stdout, sys.stderr):
        _discard_unwritten(stream)
    sys.exit(code)


def _run(args: list[str] | None) -> int:
    """Run one command and return its exit code."""
    click.Context.formatter_class = HelpText
    try:
        code = grade.main(args, prog_name="grade", standalone_mode=False)
        sys.stdout.flush()
        return int(code or PASSED)  # what a command gave to ctx.exit
    except (click.exceptions.Abort, KeyboardInterrupt):
        complain("\nStopped.")
        return 130  # as a shell has it for a process that SIGINT ended
    except click.ClickException as error:
        _show_usage_error(error)
        return error.exit_code
    except GroundworkError as error:
        complain(str(error))
        return error.exit_code
    except BrokenPipeError:
        return NOT_PASSED  # the reader is gone (``grade list | head``)
    except OSError as error:
        return _report_os_error(error)
    except Exception as error:  # ours, and reported as such
        return _report_fault(error)


def _show_usage_error(error: click.ClickException) -> None:
    """Say what is wrong with the words of the command, and how it is used."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        complain(error.format_message())  # a group without a command: its help
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        complain(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n")
    complain(f"Error: {error.format_message()}")


def _report_os_error(error: OSError) -> int:
    """Say what the system refused; return the exit code."""
    words = explain_os_error(error)
    if words is None:
        return _report_fault(error)
    # An error about a file has the file's name. What has none is standard output: ``>/dev/full``.
    complain(words if error.filename else f"The output cannot be written: {words}")
    return USAGE


def _discard_unwritten(stream: TextIO) -> None:
    """Let go of what a stream could not write.

    Python flushes once more when it exits, and would print an error of its own, of its own form.
    """
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _report_fault(error: Exception) -> int:
    """Say that the fault is ours, and where its details are."""
    for line in keep_fault(error):
        complain(line)
    return OUR_FAULT


if __name__ == "__main__":
    main()
