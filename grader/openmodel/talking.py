"""A question to a real model that runs on the learner's code, in a process apart.

That process loads the file, hands its tensors to the learner's ``load_llama`` and sends the
answer piece by piece. This side keeps the deadline and ends it, however it went.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.engine.fresh import command, environment
from grader.engine.process import Printed, end_tree, scratch
from grader.errors import NOT_PASSED, GroundworkError, UsageError
from grader.harmless import harmless

LONGEST = 64 << 10
"""Bytes of one message; the process apart runs the learner's code, so nothing is taken
on trust."""


class Speechless(GroundworkError):
    """The learner's code gave no answer, and why."""

    exit_code = NOT_PASSED


@dataclass(frozen=True, slots=True)
class Talk:
    """One question: the model's file, whose code runs it, and how far it may go."""

    model: Path
    root: Path
    """The workspace."""
    code: str
    """The folder of the workspace that is asked: ``exercises``, or ``solutions``."""
    question: str
    tokens: int
    """So many the answer may have."""
    seconds: float
    memory_mb: int = 6144

    def answer(self) -> Iterator[str]:
        """The answer, piece by piece as it comes; ``Speechless`` says what went wrong."""
        if importlib.util.find_spec("gguf") is None:
            raise UsageError(
                "the package gguf, which reads the model's file, is not installed: "
                'python -m pip install -e ".[models]"'
            )
        folder = scratch()
        with subprocess.Popen(
            command("grader.openmodel.speaker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            cwd=folder,
            env=environment(),
        ) as process:
            try:
                yield from self._heard(process)
            finally:
                end_tree(process.pid)
                shutil.rmtree(folder, ignore_errors=True)

    def _heard(self, process: subprocess.Popen[bytes]) -> Iterator[str]:
        """What the process says until it is done, or the reason why it is not."""
        assert process.stdin and process.stdout and process.stderr
        printed = Printed(os.dup(process.stderr.fileno()))
        late = threading.Event()

        def give_up() -> None:
            late.set()
            end_tree(process.pid)

        timer = threading.Timer(self.seconds, give_up)
        timer.start()
        try:
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps(asdict(self), default=str).encode())
                process.stdin.close()
            while line := process.stdout.readline(LONGEST):
                said = _message(line)
                if "trouble" in said:
                    raise Speechless(said["trouble"])
                if "done" in said:
                    return
                yield said.get("piece", "")
        finally:
            timer.cancel()
        raise Speechless(self._silence(late.is_set(), printed.take()))

    def _silence(self, late: bool, printed: str) -> str:
        """Why the process ended without a word."""
        if late:
            return f"no end after {self.seconds:g} seconds; --seconds gives it more"
        tail = harmless(printed.strip()[-1000:])
        more = f"; it had printed:\n{tail}" if tail else ""
        return f"the process that ran your code ended{more}"


def _message(line: bytes) -> dict[str, str]:
    """A line as a message of plain texts; what is none says nothing."""
    with suppress(ValueError):
        said: Any = json.loads(line)
        if isinstance(said, dict):
            return {key: value for key, value in said.items() if isinstance(value, str)}
    return {}
