"""A fault of the tool's own: what is said of it, and its traceback in a file that can be sent."""

from __future__ import annotations

from grader.base.errors import GroundworkError
from grader.base.files import write_file
from grader.base.paths import Workspace


def keep_fault(error: Exception) -> tuple[str, str]:
    """Write the traceback into ``fault.log``; return what to say: the fault, and what to do."""
    import traceback

    fault = f"Internal error, not a fault in your code: {type(error).__name__}: {error}"
    try:
        file = Workspace.find().generated / "fault.log"
        write_file(file, "".join(traceback.format_exception(error)), sync=False)
    except (GroundworkError, OSError):
        return fault, "Run `grade doctor`. Your files were not changed."
    return fault, f"The details are in {file}. Your files were not changed."
