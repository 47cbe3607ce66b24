"""Texts of the learner's that a milestone's program asks for while it runs: a line of JSON each."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, cast

from grader.grading.system.messages import Channel

Reply = Callable[[], str]
"""Gives the learner's next text; an empty one is the end."""


class AskingChannel(Channel):
    """The program's end: it may ask after it has read its order."""

    def read_order(self) -> dict[str, Any]:
        """Return the order from standard input, whose first line it is."""
        order: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
        return order

    def ask(self) -> str:
        """Ask for a text of the learner's, and wait for it; empty when there is no more."""
        self.send(ask="")
        line = sys.stdin.buffer.readline()
        return str(json.loads(line)) if line else ""


class OpenInput:
    """A process's standard input that is left open when its order has been written."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        self._stream = process.stdin
        process.stdin = cast(IO[bytes], self)

    def write(self, data: bytes) -> None:
        """Write the order, and the end of its line."""
        self._stream.write(data + b"\n")

    def close(self) -> None:
        """Send what was written, and nothing else: there may be more to say."""
        if not self._stream.closed:
            self._stream.flush()

    def answer(self, text: str) -> None:
        """Write a text that was asked for; after an empty one there is no more."""
        # Whoever has ended already does not read; why it has shows in what it sent.
        with suppress(BrokenPipeError, ValueError):
            if text:
                self._stream.write(f"{json.dumps(text)}\n".encode())
                self._stream.flush()
            else:
                self._stream.close()
