"""A question to a real model that runs on the learner's code, in a separate process.

That process (``model_process``) loads the file, passes its tensors to the learner's ``load_llama``
and sends the answer piece by piece. This side enforces the deadline and always ends the process.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.base.errors import NOT_PASSED, GroundworkError, UsageError
from grader.grading.system.interpreter import start_module
from grader.grading.system.messages import ProcessEnded, receive_messages


def describe_missing_package() -> str:
    """Return how to install the package that reads a model's file; empty where it is installed."""
    if importlib.util.find_spec("gguf") is not None:
        return ""
    return (
        "the package gguf, which reads the model's file, is not installed: "
        'python -m pip install -e ".[models]"'
    )


class NoAnswer(GroundworkError):
    """The learner's code gave no answer; the message says why."""

    exit_code = NOT_PASSED


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the model's file, whose code runs it, and the limits."""

    model: Path
    root: Path
    """The workspace."""
    code: str
    """The folder of the workspace whose code runs: ``exercises`` or ``solutions``."""
    question: str
    tokens: int
    """The most that the answer may have."""
    seconds: float
    memory_mb: int = 6144

    def answer(self) -> Iterator[str]:
        """Yield the answer, piece by piece as it comes; raise ``NoAnswer`` when there is none."""
        if missing := describe_missing_package():
            raise UsageError(missing)
        with start_module("grader.openmodel.model_process") as process:
            try:
                for message in receive_messages(process, asdict(self), self.seconds):
                    if "error" in message:
                        raise NoAnswer(str(message["error"]))
                    yield str(message.get("piece", ""))
            except ProcessEnded as ended:
                raise NoAnswer(str(ended)) from None
