"""What has to hold of a clone before the course is updated, and why it does not."""

from __future__ import annotations

from dataclasses import dataclass

from grader.base.errors import UsageError
from grader.services.update.git import Git, GitError, await_index

_STARTED = {
    "MERGE_HEAD": ("a merge", "git commit (or git merge --abort)"),
    "rebase-merge": ("a rebase", "git rebase --continue (or --abort)"),
    "rebase-apply": ("a rebase", "git rebase --continue (or --abort)"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue (or --abort)"),
    "REVERT_HEAD": ("a revert", "git revert --continue (or --abort)"),
    "BISECT_LOG": ("a bisection", "git bisect reset"),
}
_UNCHANGED = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class CloneHead:
    """What is checked out: the branch's full name and its commit."""

    branch: str
    commit: str


def read_head(git: Git) -> CloneHead:
    """Return what is checked out; the branch is empty if HEAD is detached."""
    return CloneHead(git.ask("symbolic-ref", "--quiet", "HEAD"), _read_commit(git))


def require_ready(git: Git, *, detached: bool = False) -> CloneHead:
    """Return what is checked out; ``UsageError`` says what to do before an update can be made.

    ``detached`` allows a detached HEAD, which is enough to look.
    """
    _require_clone(git)
    await_index(git)
    head = read_head(git)
    if not head.commit:
        raise UsageError(
            "This clone has no commit yet. Run: git add -A && git commit -m 'My copy of the "
            "course', then grade update"
        )
    if not head.branch and not detached:
        raise UsageError(
            f"HEAD is detached: no branch is checked out. {_UNCHANGED} Check out yours "
            "(git switch main), then run: grade update"
        )
    for name, (what, remedy) in _STARTED.items():
        if (git.folder / name).exists():
            raise UsageError(
                f"In this clone {what} is not finished. {_UNCHANGED} Finish it with "
                f"{remedy}, then run: grade update"
            )
    if conflicts := git.run("ls-files", "--unmerged", "-z").decode("utf-8", "replace"):
        path = conflicts.split("\0")[0].partition("\t")[2]
        raise UsageError(
            f"{path} has a conflict that is not resolved. {_UNCHANGED} Edit the file, run "
            "git add on it, then: grade update"
        )
    if git.ask("config", "--bool", "core.sparseCheckout") == "true":
        raise UsageError(
            f"This clone is sparse: not all of its files are here. {_UNCHANGED} Run "
            "git sparse-checkout disable, then: grade update"
        )
    return head


def _require_clone(git: Git) -> None:
    """Raise ``UsageError`` unless the workspace is the top folder of a git working tree."""
    try:
        above = git.run("rev-parse", "--show-prefix").decode("utf-8", "replace").strip()
    except GitError as error:
        if "not a git repository" not in error.words:
            raise
        raise UsageError(
            f"{git.root} is no git clone, so it cannot be updated. Make it one: git init && "
            "git add -A && git commit -m 'My copy of the course', then: grade update"
        ) from None
    if above:
        raise UsageError(
            f"The workspace is a folder ({above}) of another git repository. An update needs "
            "a clone of its own. Nothing was changed."
        )


def _read_commit(git: Git) -> str:
    return git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
