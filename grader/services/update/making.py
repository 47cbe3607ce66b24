"""Make an update that was prepared, so that it can be killed at any moment.

First everything is written where it changes nothing: git's objects, a reference with what will be
replaced, and the new files in ``.groundwork/update`` with the plan, which is written last. From
then on ``finish_update`` leads to the end, however often it is begun again: it puts the files in
place, then the index, then moves the branch, then deletes the plan.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.base import clock
from grader.base.errors import UsageError
from grader.base.files import write_file
from grader.base.staged_files import (
    FOLDER,
    PLAN,
    SCHEMA,
    compute_fingerprint,
    has_real_parents,
    put_in_place,
    read_plan,
)
from grader.services.update.clone_state import read_head
from grader.services.update.git import Git, copy_index, install_index, remove_own_lock
from grader.services.update.prepared_update import PreparedUpdate, UpdateReport
from grader.services.update.trees import (
    FILES,
    LINK,
    REPOSITORY,
    Entry,
    Tree,
    TreeStore,
    compare_trees,
)

DONE = FOLDER.with_name("update.done")
START = "grader/__main__.py"
"""Put in place after all other files: it is what puts them in place after a kill."""
_SAVE = "Save my exercises, notes, log and progress"


def make_update(git: Git, trees: TreeStore, update: PreparedUpdate) -> UpdateReport:
    """Make the update; ``UsageError``, and nothing is changed, if a file was saved meanwhile."""
    shutil.rmtree(git.root / FOLDER, ignore_errors=True)
    changes = compare_trees(update.work_tree, update.merged_work)
    changes = {path: e for path, e in changes.items() if not e or e.mode != REPOSITORY}
    expected, in_the_way = _read_expected(git, trees, update.work_tree, changes)
    own = _commit_own(git, trees, update)
    result = _commit_result(git, trees, update, own)
    report = update.report.change(
        copies=_keep_copies(git, trees, update, in_the_way),
        before=own,
        replaced=tuple(sorted({*update.report.replaced, *in_the_way})),
    )
    state = {
        "head": update.head.commit,
        "branch": update.head.branch,
        "commit": result,
        "report": report.to_json(),
    }
    _stage(git.root, trees, changes, expected, state)
    finished = finish_update(git, trees)
    assert finished is not None, "the branch moved while the update was made"
    return finished


def finish_update(git: Git, trees: TreeStore) -> UpdateReport | None:
    """Lead an update to its end from wherever it was cut off, and return its report.

    None if the branch was moved in the meantime: the files are in place, and a new update sees
    them as the learner's, the same as the course's.
    """
    plan = read_plan(git.root)
    left = put_in_place(git.root)
    if plan is None or left is None:
        return None
    state, fresh = plan["state"], git.folder / "groundwork-index"
    remove_own_lock(git, fresh)
    head = read_head(git)
    if head.branch != state["branch"] or head.commit not in (state["head"], state["commit"]):
        _drop_plan(git.root)
        return None
    changes = compare_trees(trees.read(state["head"]), trees.read(state["commit"]))
    copy_index(git, fresh)
    trees.enter(fresh, changes)
    git.run("update-index", "-q", "--refresh", index=fresh, ok=1)
    install_index(git, fresh)
    if head.commit != state["commit"]:
        moving = ("update-ref", "-m", "grade update", "HEAD", state["commit"], state["head"])
        git.change(*moving)
    _drop_plan(git.root)
    return UpdateReport.from_json(state["report"]).change(left=tuple(left))


def clean_up(root: Path) -> None:
    """Delete what an update left that was cut off before its plan, or after its end."""
    shutil.rmtree(root / DONE, ignore_errors=True)
    if read_plan(root) is None:
        shutil.rmtree(root / FOLDER, ignore_errors=True)


def _drop_plan(root: Path) -> None:
    (root / FOLDER / PLAN).unlink(missing_ok=True)
    clean_up(root)


def _read_expected(
    git: Git, trees: TreeStore, work: Tree, changes: Mapping[str, Entry | None]
) -> tuple[dict[str, str | None], dict[str, Entry]]:
    """Return the fingerprint of each file to replace, and the untracked files among them."""
    root = git.root
    found = {path: compute_fingerprint(root / path) for path in changes}
    blocked = [path for path, mark in found.items() if mark == "other" and path not in work]
    blocked += [p for p, e in changes.items() if e is not None and not has_real_parents(root, p)]
    blocked = [path for path in blocked if not _is_below_deleted(root, path, changes)]
    if blocked:
        raise UsageError(
            f"{blocked[0]} cannot be written: a folder, link or file of yours is in its place. "
            "Nothing was changed. Move it away, then run: grade update"
        )
    files = [path for path, mark in found.items() if mark and mark.startswith("file ")]
    objects = trees.hash_files(files)
    saved = [path for path in files if path in work and objects[path] != work[path].object]
    if saved:
        raise UsageError(
            f"{saved[0]} was saved while the update was prepared. Nothing was changed. "
            "Run grade update again."
        )
    in_the_way = {path for path, mark in found.items() if mark and path not in work}
    entries = {}
    for path in sorted(in_the_way - {p for p, mark in found.items() if mark == "other"}):
        target = root / path
        is_link = target.is_symlink()
        content = os.fsencode(target.readlink()) if is_link else target.read_bytes()
        entries[path] = Entry(LINK if is_link else "100644", trees.store(content))
    return found, entries


def _is_below_deleted(root: Path, path: str, changes: Mapping[str, Entry | None]) -> bool:
    """Return True if what is in a path's place are files that the update deletes."""
    target = root / path
    if target.is_dir() and not target.is_symlink():
        inside = [file for file in target.rglob("*") if not file.is_dir()]
        shown = [file.relative_to(root).as_posix() for file in inside]
        return all(changes.get(name, path) is None for name in shown)
    parts = path.split("/")
    above = ["/".join(parts[:number]) for number in range(1, len(parts))]
    return any(name in changes and changes[name] is None for name in above)


def _commit_own(git: Git, trees: TreeStore, update: PreparedUpdate) -> str:
    """Commit the learner's own files, without moving the branch; return HEAD if there are none."""
    changes = compare_trees(update.head_tree, update.committed_tree)
    if not changes:
        return update.head.commit
    tree = trees.write(update.head.commit, changes)
    return _commit(git, tree, [update.head.commit], _SAVE)


def _commit_result(git: Git, trees: TreeStore, update: PreparedUpdate, own: str) -> str:
    """Commit the merge; where the learner has no commit of their own, it is the course's."""
    if own == update.head.commit == update.base:
        return update.course
    tree = trees.write(own, compare_trees(update.committed_tree, update.merged_commit))
    message = f"Update the course to {update.report.course} of {update.report.day}"
    return _commit(git, tree, [own, update.course], message)


def _keep_copies(
    git: Git, trees: TreeStore, update: PreparedUpdate, in_the_way: Mapping[str, Entry]
) -> str:
    """Keep a reference to the learner's version of what is replaced, as ``git stash`` would.

    So is what they had staged and the update takes out of the index. Return the reference's name,
    or nothing if there is nothing to keep.
    """
    index = git.folder / "groundwork-index"
    copy_index(git, index)
    staged_name = git.run("write-tree", index=index).decode().strip()
    staged = trees.read(staged_name)
    moved = compare_trees(update.head_tree, update.merged_commit)
    known = (update.head_tree, update.work_tree, update.merged_commit)
    lost = [p for p in moved if all(staged.get(p) != tree.get(p) for tree in known)]
    if not (update.report.replaced or in_the_way or lost):
        return ""
    head = update.head.commit
    aside = _commit(git, staged_name, [head], "What was staged before the update")
    changes = compare_trees(update.head_tree, {**update.work_tree, **in_the_way})
    tree = trees.write(head, changes)
    kept = _commit(git, tree, [head, aside], "The files before the update")
    name = f"refs/groundwork/before-{clock.get_now():%Y%m%dT%H%M%S}"
    git.change("update-ref", name, kept)
    return name


def _commit(git: Git, tree: str, parents: Iterable[str], message: str) -> str:
    """Write a commit and return its name; who has given git no name is called Groundwork."""
    known = bool(git.ask("var", "GIT_COMMITTER_IDENT") and git.ask("var", "GIT_AUTHOR_IDENT"))
    named = ("-c", "user.name=Groundwork", "-c", "user.email=groundwork@localhost")
    sides = [word for parent in parents for word in ("-p", parent)]
    words = (*(() if known else named), "commit-tree", tree, *sides, "-m", message)
    return git.run(*words).decode().strip()


def _stage(
    root: Path,
    trees: TreeStore,
    changes: Mapping[str, Entry | None],
    expected: Mapping[str, str | None],
    state: dict[str, Any],
) -> None:
    """Write the new files beside the working tree, and the plan last."""
    folder = root / FOLDER
    contents = trees.read_objects(entry.object for entry in changes.values() if entry)
    planned = []
    for number, path in enumerate(order_changes(changes)):
        entry, name = changes[path], None
        if entry is not None:
            name = f"{number:05}"
            _write(folder / name, entry, contents[entry.object])
        if entry is not None or expected[path] is not None:
            planned.append({"path": path, "old": expected[path], "new": name})
    text = json.dumps({"schema": SCHEMA, "changes": planned, "state": state}, indent=1)
    write_file(folder / PLAN, text)


def _write(file: Path, entry: Entry, content: bytes) -> None:
    if entry.mode not in FILES:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(os.fsdecode(content))
        return
    write_file(file, content)
    if entry.mode == "100755":
        file.chmod(file.stat().st_mode | 0o111)


def order_changes(changes: Mapping[str, Entry | None]) -> list[str]:
    """Return the paths in the order in which they are changed.

    Deletions come last, since modules of two versions need one another, and what starts the tool
    is the last file that is written. Only a file in whose place a folder comes, or the reverse, is
    deleted first.
    """
    written = {path for path, entry in changes.items() if entry is not None}
    folders = {"/".join(p.split("/")[:n]) for p in written for n in range(1, p.count("/") + 1)}

    def rank(path: str) -> tuple[int, str]:
        if path in written:
            return (2 if path == START else 1, path)
        parts = path.split("/")
        above = {"/".join(parts[:number]) for number in range(1, len(parts))}
        return (0 if path in folders or above & written else 3, path)

    return sorted(changes, key=rank)
