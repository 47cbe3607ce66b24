"""What is raised in a check when the learner's code raised, or no longer answers."""

from __future__ import annotations

import builtins
from typing import Any


class NotThere(Exception):
    """The worker is gone: the call timed out or the process died. Nobody answers any more."""

    def __init__(self, status: str, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


class Unloadable(Exception):
    """The learner's file cannot be loaded."""


class LearnersError(Exception):
    """Mixed into what is raised here when the learner's code raised there."""

    what: dict[str, Any]


def rebuilt(what: dict[str, Any]) -> LearnersError:
    """An exception of the same builtin type as the learner's, so ``pytest.raises`` fits."""
    _check_form(what)
    base: type[Exception] = Exception
    for name in what["bases"]:
        candidate = getattr(builtins, name, None)
        if isinstance(candidate, type) and issubclass(candidate, Exception):
            base = candidate
            break
    if issubclass(base, StopIteration | StopAsyncIteration):
        base = Exception  # which would end a generator of pytest's
    words = {"__str__": lambda self: what["message"]}
    try:
        form: type[LearnersError] = type(str(what["type"]), (LearnersError, base), words)
        error = form.__new__(form)
    except TypeError:  # a few builtins share no layout with another base
        form = type(str(what["type"]), (LearnersError,), words)
        error = form.__new__(form)
    error.args = (str(what["message"]),)
    error.what = what
    return error


def _check_form(what: dict[str, Any]) -> None:
    """``ValueError`` unless it has the form that a worker gives it."""
    texts = [what["type"], what["message"], *what["bases"]]
    lines = [entry for frame in what["frames"] for entry in (frame[0], frame[2], frame[3])]
    numbers = [frame[1] for frame in what["frames"]]
    if not all(isinstance(text, str) for text in texts + lines):
        raise ValueError("an error that is not told in text")
    if not all(type(number) is int for number in numbers):
        raise ValueError("an error without its lines")


def why_unloadable(error: Exception) -> str:
    """One sentence on a file that could not be loaded, with the line."""
    what = getattr(error, "what", {"type": type(error).__name__, "message": str(error)})
    frames = what.get("frames") or []
    at = f" ({frames[-1][0]}:{frames[-1][1]})" if frames else ""
    return f"{what['type']}: {what['message']}{at}"
