"""``grade mcp``: the workspace's tools for a coding assistant, over the Model Context Protocol."""

from __future__ import annotations

import os
import sys

import click

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.cli.console.terminal import complain

LIBRARY = {"anyio", "mcp", "mcp_types"}
"""What the package mcp brings, and the server imports."""
INSTALL = 'the package mcp, version 2, is not installed: python -m pip install -e ".[mcp]"'


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False))
def mcp(folder: str | None) -> None:
    """Serve a workspace to a coding assistant, over MCP on standard input and output.

    It is the workspace of the current folder, or of FOLDER. The assistant's program starts this
    command and ends it. Its tools: next, contract, lesson, grade, hint, progress, search and log.
    None of them shows a reference.
    """
    if folder is not None:
        os.chdir(folder)  # some assistants' programs start what they use in a folder of their own
    workspace = Workspace.find()
    try:
        from grader.cli.commands.mcp_server import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in LIBRARY:
            raise
        raise UsageError(INSTALL) from None
    if sys.stdin is None:
        raise UsageError("standard input is closed; the requests of an assistant come from there")
    if sys.stdin.isatty():
        complain(
            "Waiting for the requests of an assistant's program, which starts this command itself: "
            "docs/commands.md says how. Ctrl-C ends it."
        )
    serve(workspace)
