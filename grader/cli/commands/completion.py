"""``grade completion``: the script that a shell reads to complete names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from grader.base.errors import UsageError
from grader.cli.console.terminal import say_exactly


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script for your shell; put it where the shell reads it.

    bash: grade completion bash >> ~/.bashrc
    """
    form = get_completion_class(shell)
    if form is None:
        raise UsageError(f"no completion for {shell}")
    say_exactly(form(ctx.find_root().command, {}, "grade", "_GRADE_COMPLETE").source())
