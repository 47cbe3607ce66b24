"""What is written after ``%%grade`` or ``%grade``, parsed."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Literal

import click

from grader.base.errors import UsageError

Take = Literal["cell", "file"]


@dataclass(frozen=True, slots=True)
class MagicLine:
    """The exercise and the options of one call."""

    exercise: str | None
    take: Take | None
    """Which of the two is right, where the cell and the file differ."""
    seed: int | None


_COMMAND = click.Command(
    "grade",
    params=[
        click.Argument(["exercise"], required=False),
        click.Option(["--take"], type=click.Choice(["cell", "file"])),
        click.Option(["--seed"], type=click.IntRange(0, 2**31 - 1)),
    ],
    add_help_option=False,
)


def parse_line(line: str, magic: str) -> MagicLine:
    """Return what the line says; ``UsageError`` where it says something else."""
    try:
        context = _COMMAND.make_context(magic, shlex.split(line))
    except (ValueError, click.ClickException) as error:
        words = error.format_message() if isinstance(error, click.ClickException) else str(error)
        usage = f"{magic} [EXERCISE] [--take cell|file] [--seed N]"
        raise UsageError(f"{words} Usage: {usage}") from None
    return MagicLine(**context.params)
