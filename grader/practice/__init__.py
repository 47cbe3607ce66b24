"""The use cases: grade, hint, reveal, reset and skip an exercise.

``desk`` is where everything of one command lies ready; ``paper`` is the learner's file as read
once; ``grading`` puts the questions and records the attempt; ``many`` grades exercises at once,
in ``lanes``, at the ``pace`` of last time; ``recall`` is the cards, and ``again`` a passed
exercise solved once more; ``assist`` is all other help. Each is imported when first asked for:
who only looks at progress needs no engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.practice.assist import Reset, hint, reset, reveal, skip, whereabouts
    from grader.practice.desk import Desk
    from grader.practice.grading import grade
    from grader.practice.paper import unwritten

__all__ = ["Desk", "Reset", "grade", "hint", "reset", "reveal", "skip", "unwritten", "whereabouts"]

_HOME = {
    "Desk": "desk",
    "grade": "grading",
    "unwritten": "paper",
    **dict.fromkeys(("Reset", "hint", "reset", "reveal", "skip", "whereabouts"), "assist"),
}


def __getattr__(name: str) -> Any:
    """What one of the modules offers; the module is imported when first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
