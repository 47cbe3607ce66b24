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
    base: type[Exception] = Exception
    for name in what["bases"]:
        candidate = getattr(builtins, str(name), None)
        if isinstance(candidate, type) and issubclass(candidate, Exception):
            base = candidate
            break
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


def why_unloadable(error: Exception) -> str:
    """One sentence on a file that could not be loaded, with the line."""
    what = getattr(error, "what", {"type": type(error).__name__, "message": str(error)})
    frames = what.get("frames") or []
    at = f" ({frames[-1][0]}:{frames[-1][1]})" if frames else ""
    return f"{what['type']}: {what['message']}{at}"
