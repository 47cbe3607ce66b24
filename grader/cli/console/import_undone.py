"""What taking back an import does, in words."""

from __future__ import annotations

from collections.abc import Iterator

from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.cli.console.terminal import count_noun, paint, wrap
from grader.services.importing.undo import UndonePlan

_NAMED = 20


def format_undone(workspace: Workspace, plan: UndonePlan) -> Iterator[str]:
    """Yield the lines of the report: files that go or change, rows, and what stays."""
    removed = [workspace.show_path(path) for path, data in plan.files.items() if data is None]
    changed = [workspace.show_path(path) for path, data in plan.files.items() if data is not None]
    for verb, paths in (("removed", removed), ("changed back", changed)):
        if paths:
            more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
            listed = sanitize(", ".join(paths[:_NAMED]), 10_000)
            yield wrap(f"{count_noun(len(paths), 'file')} {verb}: {listed}{more}", "    ", "  ")
    if plan.readings:
        yield f"  {count_noun(len(plan.readings), 'reading')} taken off the list"
    if plan.claims:
        yield f"  {count_noun(len(plan.claims), 'claim')} removed"
    if plan.kept:
        yield ""
        yield paint("Kept, because it was edited since", "strong")
        yield from (wrap(sanitize(line, 300), "    ", "  ") for line in plan.kept)
