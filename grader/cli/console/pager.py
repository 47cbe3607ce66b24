"""Long texts, read in the learner's pager."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

import click

from grader.cli.console.terminal import is_coloured, say_exactly


def show_in_pager(lines: Sequence[str]) -> None:
    """Show lines; on a terminal that has fewer rows, in the pager that PAGER names, or less.

    Colours go to the pager only where it can show them, and never under NO_COLOR.
    """
    text = "\n".join(lines)
    rows = shutil.get_terminal_size().lines - 2
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or text.count("\n") < rows:
        say_exactly(text)
    else:
        click.echo_via_pager(f"{text}\n", color=None if is_coloured() else False)
