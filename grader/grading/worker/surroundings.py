"""What the learner's file finds around it: its command line, no debugger and no compiler.

A file is graded as it is written, with what a script has at its end or while it is worked on:
``argparse``, ``breakpoint()``, ``@torch.compile``. Nothing is imported for that here.
"""

from __future__ import annotations

import sys
from typing import Any

import torch


class DebuggerError(Exception):
    """The learner's code stops for a debugger, and there is no terminal."""


def prepare_surroundings(path: str) -> None:
    """Give this process the command line, the hook and the functions of a graded file."""
    # Else argparse would read the arguments of the grader's own process.
    sys.argv = [path]
    sys.breakpointhook = _refuse_debugger
    if "pdb" in sys.modules:  # a fork has pytest's own debugger, which wants pytest's session
        sys.modules["pdb"].set_trace = _refuse_debugger  # type: ignore[attr-defined]
    # To compile takes seconds, for the import alone and for each function. What it computes is
    # what the function computes.
    torch.compile = _pass_through


def is_debugger_error(kind: type[BaseException]) -> bool:
    """Return whether an error of this class comes of stopping for a debugger.

    One that is loaded later reads a command from the empty input, and quits with an error of bdb's.
    By its names: whoever raises it has imported bdb, and nobody else is to pay for that.
    """
    quits = (kind.__module__, kind.__name__) == ("bdb", "BdbQuit")
    return quits or issubclass(kind, DebuggerError)


def _refuse_debugger(*args: Any, **kwargs: Any) -> None:
    raise DebuggerError("there is no terminal during grading")


def _pass_through(model: Any = None, **settings: Any) -> Any:
    """Return what is to be compiled as it is; without it, a decorator that does."""
    return model if model is not None else lambda thing: thing
