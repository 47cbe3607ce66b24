"""What the learner's code raised, for a process that runs it apart from any check."""

from __future__ import annotations

import traceback
from collections.abc import Collection
from pathlib import Path

from grader.base.printable import sanitize

LONGEST = 4000


def describe_raised(error: BaseException, root: Path, folders: Collection[str]) -> str:
    """Return what was raised, and the innermost line of the exercises in its traceback.

    ``folders`` are those of the workspace whose code ran: ``exercises``, ``solutions`` or both.
    """
    places = [
        f"{Path(frame.filename).relative_to(root).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if any(Path(frame.filename).is_relative_to(root / folder) for folder in folders)
    ]
    where = f"{places[-1]}: " if places else ""
    if isinstance(error, NotImplementedError) and places:
        return f"{where}this is not written yet; --target solutions runs the references"
    return sanitize(f"{where}{type(error).__name__}: {error}", LONGEST)
