"""The course to update from: its address, what was fetched, and what a copy was made from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.learner.settings import Settings
from grader.services.update.git import Git, GitError
from grader.services.update.trees import Tree, TreeStore

REMOTE = "upstream"
FETCHED = "refs/groundwork/course"
"""Points at the course as it was fetched last."""
HOW_TO_SET = (
    "The address of the course is not known. Add it once, and run grade update again:\n"
    f"  git remote add {REMOTE} https://github.com/OWNER/groundwork\n"
    "where OWNER/groundwork is the repository that you forked, copied or cloned."
)
LEAST_ALIKE = 0.5
"""Of a copy of the course, at least this share of the files is the same as in some version."""


@dataclass(frozen=True, slots=True)
class CourseVersion:
    """A version of the course: the commit, its short name and its day."""

    commit: str
    short: str
    day: str


def find_address(git: Git, workspace: Workspace) -> str:
    """Return where the course is: the remote, the settings' ``upstream``, or pyproject's."""
    settings, _ = Settings.read_leniently(workspace.settings)
    address = git.ask("remote", "get-url", REMOTE) or settings.upstream or read_project(workspace)
    if not address:
        raise UsageError(HOW_TO_SET)
    if address.startswith("-"):
        raise UsageError(f"{address} is no address of a repository. Correct it.")
    return address


def read_project(workspace: Workspace) -> str:
    """Return the course's repository as ``pyproject.toml`` names it; empty if it does not."""
    try:
        project = tomllib.loads((workspace.root / "pyproject.toml").read_text("utf-8"))
        return str(project["project"]["urls"]["Repository"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def add_remote(git: Git, address: str) -> bool:
    """Add the remote, unless there is one or the clone's origin is the course itself."""
    if git.ask("remote", "get-url", REMOTE) or git.ask("remote", "get-url", "origin") == address:
        return False
    git.change("remote", "add", REMOTE, address)
    return True


def fetch_course(git: Git, address: str) -> CourseVersion:
    """Fetch the course's main branch; ``UsageError`` if it cannot be, or is no course."""
    try:
        git.change("fetch", "--quiet", "--no-tags", "--", address, f"+HEAD:{FETCHED}")
    except GitError as error:
        raise UsageError(
            f"The course could not be fetched from {sanitize(address, 300)}: "
            f"{sanitize(error.words, 500)}\nNothing was changed. Check the address and the "
            "network, then try again."
        ) from None
    if not git.ask("rev-parse", "--verify", "--quiet", f"{FETCHED}:curriculum/course.yml"):
        raise UsageError(
            f"{sanitize(address, 300)} is no Groundwork course: it has no curriculum/course.yml. "
            f"Nothing was changed. Correct the address: git remote set-url {REMOTE} ADDRESS"
        )
    return describe_version(git, FETCHED)


def describe_version(git: Git, name: str) -> CourseVersion:
    """Return a commit as a version of the course."""
    commit, short, day = git.run("show", "-s", "--format=%H %h %cs", name).decode().split()
    return CourseVersion(commit, short, day)


def find_base(git: Git, trees: TreeStore, head: str, course: str) -> str:
    """Return the commit of the course that the learner's history was last joined with.

    A copy made from a template shares no commit with the course, and a shallow clone may not
    reach it. There the base is the version of the course that has most files in common.
    """
    if found := git.ask("merge-base", head, course):
        return found
    ours, latest = trees.read(head), trees.read(course)
    best, alike, total = find_most_alike(ours, latest, read_versions(git, course))
    if alike < LEAST_ALIKE * total:
        raise UsageError(
            f"This clone is no copy of that course: of the {total} files of the most similar "
            f"version, {alike} are here. Nothing was changed. Correct the address: "
            f"git remote set-url {REMOTE} ADDRESS"
        )
    return best


Version = tuple[str, list[tuple[str, str, str]]]
"""A commit, and the path, old object and new object of each file that it changed."""


def find_most_alike(ours: Tree, latest: Tree, versions: Iterator[Version]) -> tuple[str, int, int]:
    """Return the version that shares most files with ``ours``, how many, and how many it has.

    The versions come newest first, each with what it changed, so ``latest`` is taken back step by
    step. A file that only one side has counts as different. Of equally similar versions the newest
    is returned.
    """
    there = {path: entry.object for path, entry in latest.items()}
    alike = sum(_is_same(ours, path, name) for path, name in there.items())
    best, most, size, least = "", 0, 1, len(ours) + len(there) + 1
    for commit, changed in versions:
        different = len(ours) + len(there) - 2 * alike
        if different < least:
            best, most, size, least = commit, alike, len(there), different
        for path, old, new in changed:
            alike -= _is_same(ours, path, new)
            there.pop(path, None)
            if old.strip("0"):
                there[path] = old
                alike += _is_same(ours, path, old)
    return best, most, size


def _is_same(ours: Tree, path: str, name: str) -> bool:
    return path in ours and ours[path].object == name


def read_versions(git: Git, course: str) -> Iterator[Version]:
    """Yield the course's versions, newest first, each with what it changed."""
    options = ("--first-parent", "-m", "--raw", "-r", "-z", "--no-renames", "--no-abbrev", "--root")
    printed = git.run("log", *options, "--format=%x01%H", course)
    for block in printed.decode("utf-8", "surrogateescape").split("\x01")[1:]:
        commit, *parts = (part.strip("\n") for part in block.split("\0"))
        parts = [part for part in parts if part]
        heads = parts[0::2]
        changed = [
            (path, *head.split(" ")[2:4]) for head, path in zip(heads, parts[1::2], strict=True)
        ]
        yield commit, [(path, old, new) for path, old, new in changed]
