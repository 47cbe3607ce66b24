"""Messages of a process of ours that runs the learner's code apart: one line of JSON each.

That process reads one order from its standard input and answers on its standard output. Both ends
are here. What comes is data of whoever wrote to the pipe, which may be the learner's code: a line
that is no message is passed over, and a line without an end is cut.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from grader.base.printable import sanitize
from grader.grading.system.output import CapturedOutput
from grader.grading.system.processes import end_tree

MESSAGE_BYTES = 64 << 10
"""As much of one line is read."""
PRINTED = 1000
"""So many of the last characters that the process printed are shown when it has ended."""

Message = Mapping[str, Any]


class ProcessEnded(Exception):
    """The process ended without a last message; the text says why."""


class Channel:
    """The process's end: it reads the order, and sends messages."""

    def __init__(self) -> None:
        """Take standard output for the messages.

        Descriptor 1 itself then leads to standard error, so that nothing which the learner's code
        prints can pass for a message.
        """
        self._stream = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.dup2(2, 1)

    def read_order(self) -> dict[str, Any]:
        """Return the order from standard input."""
        order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
        return order

    def send(self, **message: Any) -> None:
        """Send one message."""
        self._stream.write(json.dumps(message) + "\n")


def receive_messages(
    process: subprocess.Popen[bytes], order: Message, seconds: float
) -> Iterator[Message]:
    """Give the process its order and yield its messages before the one that says ``done``.

    Raise ``ProcessEnded`` if it ends before that, or if so many seconds have passed, when it is
    ended.
    """
    assert process.stdin and process.stdout and process.stderr
    printed = CapturedOutput(os.dup(process.stderr.fileno()))
    late = threading.Event()

    def give_up() -> None:
        late.set()
        end_tree(process.pid)

    # A timer in a thread of its own, because reading a line blocks: killing the process closes
    # the pipe, which ends the read.
    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(order, default=str).encode())
            process.stdin.close()
        while line := process.stdout.readline(MESSAGE_BYTES):
            message = _parse_message(line)
            if "done" in message:
                return
            yield message
    finally:
        timer.cancel()
    if late.is_set():
        raise ProcessEnded(f"no answer after {seconds:g} seconds; allow more with --seconds")
    tail = sanitize(printed.take().strip()[-PRINTED:])
    more = f"; it had printed:\n{tail}" if tail else ""
    raise ProcessEnded(f"the process that ran your code ended{more}")


def _parse_message(line: bytes) -> Message:
    """Parse a line as a message; anything else is an empty message."""
    with suppress(ValueError, RecursionError):
        message: Any = json.loads(line)
        if isinstance(message, dict):
            return message
    return {}
