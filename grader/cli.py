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
from typing import TYPE_CHECKING

import click

from grader import __version__
from grader.commands.table import COMMANDS
from grader.console.paint import complain
from grader.errors import OUR_FAULT, GroundworkError
from grader.workspace import Workspace

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

HIDDEN = {"run"}


class Grade(click.Group):
    """The commands, imported when called; unknown words go to ``run``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands that help shows, in the order of use."""
        return [name for name in COMMANDS if name not in HIDDEN]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, from its module."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        found = getattr(importlib.import_module(f"grader.commands.{module}"), attribute)
        assert isinstance(found, click.Command)
        gc.freeze()  # what is loaded stays
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
        """Commands and exercises."""
        from click.shell_completion import CompletionItem

        from grader.commands.names import completions

        commands = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [CompletionItem(name) for name in [*commands, *completions(incomplete)]]


@click.group(
    cls=Grade,
    name="grade",
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="",
    subcommand_metavar="[EXERCISE | UNIT | COMMAND]... [OPTIONS]",
    epilog="Options of grading itself: grade run --help",
)
@click.version_option(__version__, prog_name="grade")
def grade() -> None:
    """Grade the exercise in hand and say what to do next.

    `grade` alone takes the next exercise. `grade attention/softmax`, `grade attention` and
    `grade --all` take one, a unit, or all.
    """


def main(args: list[str] | None = None) -> None:
    """Run one command; every error becomes words and an exit code, never a traceback."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - closed by the caller
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = grade.main(args, prog_name="grade", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code or 0)  # what a command gave to ctx.exit
    except click.exceptions.Abort:
        complain("\nStopped.")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except GroundworkError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        complain("\nStopped.")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # ours, and told as such
        _confess(error)
        sys.exit(OUR_FAULT)


def _confess(error: Exception) -> None:
    """Say that the fault is ours, and keep the traceback where it can be sent from."""
    complain(f"A fault of the grader's own, not of your code: {type(error).__name__}: {error}")
    import traceback

    try:
        file = Workspace.find().generated / "fault.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(traceback.format_exc(), "utf-8")
        complain(f"The details are in {file}. Nothing of yours was changed.")
    except (GroundworkError, OSError):
        complain("Run `grade doctor`. Nothing of yours was changed.")


if __name__ == "__main__":
    main()
