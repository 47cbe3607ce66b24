"""Questions that are answered with yes or no."""

from __future__ import annotations

import click

from grader.base.errors import UsageError
from grader.cli.console.terminal import fold, say


def confirm(question: str, otherwise: str) -> bool:
    """Return the learner's answer, no by default.

    Where nobody is there to answer, as in a script, a usage error says ``otherwise``.
    """
    try:
        return click.confirm(fold(question, room=len(" [y/N]: ")), default=False)
    except click.Abort:
        say()
        raise UsageError(f"no answer; {otherwise}") from None
