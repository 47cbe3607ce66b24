"""``grade update``: one use case, from the lock to the report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from grader.base.errors import UsageError
from grader.base.lock import hold_lock
from grader.base.paths import Workspace
from grader.base.staged_files import read_plan
from grader.services.update.clone_state import require_ready
from grader.services.update.course_source import (
    CourseVersion,
    add_remote,
    fetch_course,
    find_address,
)
from grader.services.update.git import Git, read_version
from grader.services.update.making import clean_up, finish_update, make_update
from grader.services.update.prepared_update import PreparedUpdate, UpdateReport
from grader.services.update.preparing import prepare_update
from grader.services.update.trees import TreeStore


@dataclass(frozen=True, slots=True)
class Updating:
    """Updates of one workspace, while no other process makes one."""

    workspace: Workspace
    git: Git

    def finish_interrupted(self) -> UpdateReport | None:
        """Finish an update that was cut off; None if there is none, or it must be planned anew."""
        read_version(self.git)
        self.git.remove_left_locks()
        report = finish_update(self.git, self._trees) if is_interrupted(self.workspace) else None
        clean_up(self.workspace.root)
        return report

    def look(self, *, only_look: bool) -> tuple[CourseVersion, PreparedUpdate | None]:
        """Fetch the course and return its version, and the update to it if there is one.

        Only with ``only_look`` no remote is added, and a detached HEAD will do.
        """
        head = require_ready(self.git, detached=only_look)
        address = find_address(self.git, self.workspace)
        version = fetch_course(self.git, address)
        if not only_look:
            add_remote(self.git, address)
        return version, prepare_update(self.git, self._trees, self.workspace, head, version)

    def make(self, update: PreparedUpdate) -> UpdateReport:
        """Make the update."""
        return make_update(self.git, self._trees, update)

    @property
    def _trees(self) -> TreeStore:
        return TreeStore(self.git, self.git.folder / "groundwork-tree")


@contextmanager
def open_updating(workspace: Workspace) -> Iterator[Updating]:
    """Open a workspace for updates; ``UsageError`` if another process is making one."""
    generated = workspace.generated
    generated.mkdir(exist_ok=True)
    try:
        with hold_lock(generated / "update.lock", patience=1.0):
            git = Git(workspace.root, generated / "update-git.json")
            yield Updating(workspace, git)
    except TimeoutError:
        raise UsageError("Another grade update is running in this clone.") from None


def is_interrupted(workspace: Workspace) -> bool:
    """Return True if an update of this workspace was cut off and has to be finished."""
    return read_plan(workspace.root) is not None
