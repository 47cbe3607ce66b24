"""The server of ``grade mcp``, on the official MCP library: each tool, its parameters, its reply.

What the tools answer is in ``tutor``. The library owns standard output while the server runs: what
anything else prints goes to standard error.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
from anyio import to_thread
from mcp.server import MCPServer
from mcp.types import CallToolResult, TextContent, ToolAnnotations

from grader import __version__
from grader.base.paths import Workspace
from grader.cli.commands import tutor
from grader.grading.client import Engine

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
RECORDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
GONE = (BrokenPipeError, ConnectionResetError)


class Tools:
    """The tools of one workspace. An exercise that is not named is the one in hand."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def show_next(self) -> CallToolResult:
        """Say which exercise comes next, which file and line to open, and what it asks for."""
        return self._answer(tutor.show_next)

    def show_contract(self, exercise: str | None = None) -> CallToolResult:
        """Return the contract of an exercise: signatures and docstrings of its stub.

        Quote its sentences when the learner asks what is wanted. `exercise` is an id such as
        "attention/softmax"; without it, the exercise in hand is meant.
        """
        return self._answer(tutor.show_contract, exercise)

    def show_lesson(self, exercise: str | None = None) -> CallToolResult:
        """Return the lesson of an exercise, in Markdown; without a name, of the one in hand."""
        return self._answer(tutor.show_lesson, exercise)

    async def grade(self, exercise: str | None = None) -> CallToolResult:
        """Grade the learner's file as it is saved, and record the attempt.

        Returns each check, the first failure in full (what was asked, expected and returned, with
        path and line), and the known mistake that the answers look like. Without a name, the
        exercise in hand is graded.
        """
        engine = Engine()
        work = partial(tutor.grade, self._workspace, engine, exercise)
        try:
            reply = await to_thread.run_sync(tutor.make_reply, work, abandon_on_cancel=True)
        except anyio.get_cancelled_exc_class():
            engine.abandon()  # nobody waits for the verdict, and it is not recorded
            raise
        return _convert(reply)

    def show_hint(self, exercise: str | None = None) -> CallToolResult:
        """Give one more hint, and record it. Ask the learner before; give one at a time.

        There are three for each exercise: a question, the fact, the shape of the code. Returns
        those seen so far, the new one last. Without a name, for the exercise in hand.
        """
        return self._answer(tutor.show_hint, exercise)

    def show_progress(self) -> CallToolResult:
        """Return how far the learner has come: main path, milestones, units, days of study."""
        return self._answer(tutor.show_progress)

    def search(self, words: str) -> CallToolResult:
        """Search exercises, lessons, glossary, readings, and the learner's notes, cards and log.

        All the words have to occur. Returns the best hits with path and line.
        """
        return self._answer(tutor.show_found, words)

    def add_log_line(self, text: str, minutes: int | None = None) -> CallToolResult:
        """Add a line to the learner's log of today, in the learner's own words, if they want it.

        `minutes` is how long it took.
        """
        return self._answer(tutor.add_log_line, text, minutes)

    def _answer(self, show: Callable[..., dict[str, Any] | None], *words: Any) -> CallToolResult:
        return _convert(tutor.make_reply(partial(show, self._workspace, *words)))


def _convert(reply: tutor.Reply) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=reply.text)],
        structured_content=reply.data,
        is_error=reply.failed,
    )


def build_server(workspace: Workspace) -> MCPServer:
    """Return the server with all its tools; it has no resources and no prompts."""
    tools = Tools(workspace)
    server = MCPServer(
        "groundwork", instructions=tutor.RULES, version=__version__, log_level="WARNING"
    )
    for name, function, hints in (
        ("next", tools.show_next, READS),
        ("contract", tools.show_contract, READS),
        ("lesson", tools.show_lesson, READS),
        ("grade", tools.grade, RECORDS),
        ("hint", tools.show_hint, RECORDS),
        ("progress", tools.show_progress, READS),
        ("search", tools.search, READS),
        ("log", tools.add_log_line, RECORDS),
    ):
        server.add_tool(function, name=name, annotations=hints, structured_output=False)
    return server


def serve(workspace: Workspace) -> None:
    """Answer requests on standard input until it is closed, or nobody reads the answers."""
    # Python's own handler would wait for the thread that reads standard input, until it is closed.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        build_server(workspace).run("stdio")
    except* GONE:
        pass
