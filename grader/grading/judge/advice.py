"""What to do about an error that comes of the way in which a file is graded, in a sentence."""

from __future__ import annotations

from grader.grading.protocol.plan import Source
from grader.grading.protocol.raised import DEBUGGER, EXIT, FORBIDDEN, INPUT, UNWRITTEN, Raised

MAIN_GUARD = 'put it below `if __name__ == "__main__":`, which the grader does not run'
TOP_LEVEL = frozenset({EXIT, INPUT, FORBIDDEN, UNWRITTEN})
"""Causes of errors that a script's last lines have, which compare, train or read arguments."""


def advise_on_debugging(source: Source, at: str = "") -> str:
    """Say that there is no debugger here, and the command that runs the same checks with one.

    The command is a line of its own, so that it can be copied. ``at`` is the place of the stop.
    """
    said = f"your code stops for a debugger, and there is no terminal during grading{at}"
    if not source.path.endswith(f"exercises/{source.exercise}.py"):
        return said
    unit, _, name = source.exercise.partition("/")
    target = " --target mine" if source.others.endswith("exercises") else ""
    command = f"python -m pytest curriculum/{unit}/check_{name}.py{target}"
    return f"{said}. To debug, run the same checks from the workspace folder with\n{command}"


def advise_on_loading(raised: Raised) -> str:
    """Say where the line belongs that failed while the file was loaded; empty for other errors."""
    # A function that calls what is forbidden is no better off below the guard.
    at_top = bool(raised.frames) and raised.frames[-1].function == "<module>"
    tries_out = raised.cause in TOP_LEVEL and (at_top or raised.cause != FORBIDDEN)
    if tries_out or "AssertionError" in raised.bases:
        return f"If this only tries your code out, {MAIN_GUARD}."
    return ""


def explain_unloadable(error: Exception, source: Source) -> str:
    """Return one sentence on a file that could not be loaded, with the line, and what to do."""
    raised = getattr(error, "raised", None)
    if not isinstance(raised, Raised):
        return f"{type(error).__name__}: {error}"
    at = f" ({raised.frames[-1].path}:{raised.frames[-1].line})" if raised.frames else ""
    if raised.cause == DEBUGGER:
        return advise_on_debugging(source, at)
    said = f"{raised.type}: {raised.message}" if raised.message else raised.type
    return "\n".join(filter(None, [f"{said}{at}", advise_on_loading(raised)]))
