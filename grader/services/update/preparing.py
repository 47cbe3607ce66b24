"""Work out an update: fetch the course, compare, and merge outside the working tree."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.base.errors import GroundworkError, UsageError
from grader.base.paths import Workspace
from grader.grading.outcome import Standing
from grader.learner.records import Records
from grader.services.update.clone_state import CloneHead
from grader.services.update.contract_news import (
    find_contract_news,
    needs_reinstall,
    read_course_texts,
)
from grader.services.update.course_source import CourseVersion, find_base
from grader.services.update.git import Git
from grader.services.update.merge_plan import (
    OWN_FOLDERS,
    MergePlan,
    build_result,
    is_own,
    plan_merge,
)
from grader.services.update.prepared_update import PreparedUpdate, UpdateReport
from grader.services.update.trees import Entry, Tree, TreeStore

PROJECT = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class _Sides:
    """The trees that are merged: the course's two, and the learner's three."""

    base: dict[str, Entry]
    head: dict[str, Entry]
    own: dict[str, Entry]
    work: dict[str, Entry]
    course: dict[str, Entry]


def prepare_update(
    git: Git, trees: TreeStore, workspace: Workspace, head: CloneHead, course: CourseVersion
) -> PreparedUpdate | None:
    """Return the update to this version of the course; None if the clone has it already."""
    if git.ask("merge-base", head.commit, course.commit) == course.commit:
        return None
    base = find_base(git, trees, head.commit, course.commit)
    snapshot, nested = trees.take_snapshot(head.commit, OWN_FOLDERS)
    head_tree, work_tree = trees.read(head.commit), trees.read(snapshot)
    own = {path: entry for path, entry in head_tree.items() if not is_own(path)}
    own |= {path: entry for path, entry in work_tree.items() if is_own(path)}
    sides = _Sides(trees.read(base), head_tree, own, work_tree, trees.read(course.commit))
    to_commit = plan_merge(sides.base, sides.own, sides.course)
    to_write = plan_merge(sides.base, sides.work, sides.course)
    _refuse_obstacles([*to_commit.obstacles, *to_write.obstacles])
    merged = _merge_lines(git, trees, sides, sides.own, to_commit)
    merged_work = _merge_lines(git, trees, sides, sides.work, to_write)
    replaced = _list_replaced(sides.own, to_commit, merged)
    replaced |= _list_replaced(sides.work, to_write, merged_work)
    commits = int(git.run("rev-list", "--count", f"{base}..{course.commit}"))
    result = build_result(to_commit, sides.own, sides.course, merged)
    report = _build_report(trees, workspace, sides, result, to_write).change(
        course=course.short,
        day=course.day,
        commits=commits,
        replaced=tuple(sorted(replaced)),
    )
    notes = [f"{path} is a git repository of its own, and is not committed." for path in nested]
    return PreparedUpdate(
        head=head,
        course=course.commit,
        base=base,
        committed_tree=own,
        head_tree=head_tree,
        work_tree=work_tree,
        merged_commit=result,
        merged_work=build_result(to_write, sides.work, sides.course, merged_work),
        report=report.change(notes=(*report.notes, *notes)),
    )


def _refuse_obstacles(obstacles: list[str]) -> None:
    if obstacles:
        raise UsageError(
            f"{obstacles[0]} is yours, and the course needs the name for something else (a file "
            "for a folder, or a folder for a file). Nothing was changed. Move it away, then run: "
            "grade update"
        )


def _merge_lines(
    git: Git, trees: TreeStore, sides: _Sides, ours: Tree, plan: MergePlan
) -> dict[str, Entry | None]:
    """Merge the lines of each file that both have changed; None where they do not fit together."""
    paths = plan.list_paths("merge")
    tables = (ours, sides.base, sides.course)
    contents = trees.read_objects(table[path].object for table in tables for path in paths)
    merged: dict[str, Entry | None] = {}
    for path in paths:
        texts = [contents[table[path].object] for table in tables]
        text = _merge_texts(git, texts)
        mode = sides.course[path].mode
        merged[path] = None if text is None else Entry(mode, trees.store(text))
    return merged


def _merge_texts(git: Git, texts: list[bytes]) -> bytes | None:
    """Return ours, base and theirs merged by lines; None on a conflict, or for binary files."""
    if any(b"\0" in text for text in texts):
        return None
    with tempfile.TemporaryDirectory(prefix="groundwork-") as folder:
        files = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for file, text in zip(files, texts, strict=True):
            file.write_bytes(text)
        return git.attempt("merge-file", "-p", "-q", *map(str, files))


def _list_replaced(ours: Tree, plan: MergePlan, merged: Mapping[str, Entry | None]) -> set[str]:
    """Return the learner's files in whose place the course's will be."""
    conflicts = [path for path, entry in merged.items() if entry is None]
    return {path for path in [*plan.list_paths("replaced"), *conflicts] if path in ours}


def _build_report(
    trees: TreeStore,
    workspace: Workspace,
    sides: _Sides,
    result: dict[str, Entry],
    to_write: MergePlan,
) -> UpdateReport:
    before, after, own = (
        read_course_texts(trees, tree) for tree in (sides.base, sides.course, sides.own)
    )
    kept = [path for path in to_write.list_paths("kept") if path in sides.own]
    standings, notes = _read_standings(workspace)
    fresh = set(after.list_exercises()) - set(before.list_exercises())
    changed = [p for p in sides.own.keys() | sides.head.keys() if is_own(p)]
    return UpdateReport(
        course="",
        day="",
        commits=0,
        new_exercises=tuple(sorted(fresh)),
        news=tuple(find_contract_news(before, after, own, standings, kept)),
        committed=tuple(sorted(p for p in changed if sides.own.get(p) != sides.head.get(p))),
        kept=tuple(kept),
        replaced=(),
        reinstall=_must_reinstall(trees, sides.head, result),
        notes=notes,
    )


def _read_standings(workspace: Workspace) -> tuple[dict[str, Standing], tuple[str, ...]]:
    try:
        return Records(workspace.progress).read_standings(), ()
    except GroundworkError as error:
        return {}, (f"Which passes become stale is not known: {error}",)


def _must_reinstall(trees: TreeStore, before: Tree, after: Tree) -> bool:
    entries = [tree.get(PROJECT) for tree in (before, after)]
    names = [entry.object for entry in entries if entry is not None]
    contents = trees.read_objects(names)
    old, new = (contents[entry.object] if entry else b"" for entry in entries)
    return needs_reinstall(old, new)
