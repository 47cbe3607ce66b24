"""One import or undo at a time in a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from grader.base.errors import NoteError
from grader.base.lock import hold_lock
from grader.base.paths import Workspace

PATIENCE = 60.0
"""So many seconds an import waits for another one."""


@contextmanager
def hold_imports(workspace: Workspace, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of imports within; ``NoteError`` if another holds it for too long.

    An error that is raised within stays what it is.
    """
    workspace.generated.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(hold_lock(workspace.generated / "import.lock", patience))
        except TimeoutError:
            raise NoteError(
                "Another import or undo has been running in this workspace for a minute; nothing "
                "was changed. Wait until it has ended, then do this again."
            ) from None
        yield
