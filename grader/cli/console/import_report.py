"""What an import would write, in words: each kind with its number and where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.cli.console.terminal import count_noun, format_entry, paint, shorten, wrap
from grader.learner.entry_text import name_day
from grader.learner.importer.pieces import Piece
from grader.services.import_plan import ImportPlan
from grader.services.import_targets import ImportTarget

_NAMED = 8
"""As many headings of what is left over are named."""
_REMARKS = 60


def format_report(
    workspace: Workspace, plans: Sequence[ImportPlan], faults: Sequence[str]
) -> Iterator[str]:
    """Yield the lines of the report: what is new, where it goes, and what to look at."""
    for plan in plans:
        yield paint(sanitize(plan.source.name), "strong")
        rows = list(_list_rows(workspace, plan))
        wide = min(60, max((len(what) for what, _ in rows), default=0))
        for what, where in rows:
            yield format_entry(" ", what, wide, paint(where, "name"))
        for target in plan.targets:
            if target.kind == "rest" and (names := _list_headings(target)):
                yield wrap(f"below: {names}", "      ")
        if plan.known:
            yield f"  {count_noun(plan.known, 'item')} imported before"
        if not rows and not plan.known:
            yield "  nothing that could be imported"
    yield from _format_remarks([*faults, *(remark for plan in plans for remark in plan.remarks)])


def _format_remarks(remarks: Sequence[str]) -> Iterator[str]:
    if remarks:
        yield ""
        yield paint("To check", "strong")
    for line in remarks[:_REMARKS]:
        yield wrap(sanitize(line, 500), "    ", "  ")
    if len(remarks) > _REMARKS:
        yield f"  and {len(remarks) - _REMARKS} more"


def is_new(plans: Sequence[ImportPlan]) -> bool:
    """Return whether anything would be imported."""
    return any(plan.ledger for plan in plans)


def _list_rows(workspace: Workspace, plan: ImportPlan) -> Iterator[tuple[str, str]]:
    by_kind = {kind: [t for t in plan.targets if t.kind == kind] for kind in _KINDS}
    if days := by_kind["log"]:
        yield _format_days(days), f"{workspace.show_path(workspace.log)}/"
    for target in by_kind["questions"]:
        yield count_noun(len(target.pieces), "question"), workspace.show_path(target.path)
    if plan.readings:
        yield _format_readings(plan), "the reading list"
    if plan.claims:
        done = sum(claim.done for claim in plan.claims.values())
        words = f"{count_noun(len(plan.claims), 'claim')}: {done} said to be done"
        words += f", {len(plan.claims) - done} not yet"
        yield words, "the tracker, as claims"
    copies = {shown.copy for shown in plan.pictures if shown.copy is not None}
    if copies:
        folder = workspace.show_path(workspace.imported / plan.source.slug)
        yield count_noun(len(copies), "picture"), f"{folder}/"
    if plan.notebook is not None:
        yield "1 notebook", workspace.show_path(plan.notebook.copy)
    for target in by_kind["rest"]:
        yield (
            f"{count_noun(len(target.pieces), 'piece')} kept as a note",
            workspace.show_path(target.path),
        )


_KINDS = ("log", "questions", "rest")


def _format_days(targets: Sequence[ImportTarget]) -> str:
    days = sorted(target.day for target in targets if target.day is not None)
    pieces = count_noun(sum(len(target.pieces) for target in targets), "item")
    first, last = (name_day(day).partition(", ")[2] for day in (days[0], days[-1]))
    span = first if first == last else f"{first} to {last}"
    return f"{count_noun(len(days), 'day')} of log, {span}, {pieces}"


def _format_readings(plan: ImportPlan) -> str:
    own = len(plan.readings) - plan.marked
    number = count_noun(len(plan.readings), "reading")
    return f"{number}: {own} of your own, {plan.marked} of the course's"


def _list_headings(target: ImportTarget) -> str:
    """Return the headings above what has no place of its own."""
    names = list(dict.fromkeys(filter(None, (_get_heading(piece) for piece, _ in target.pieces))))
    shown = "; ".join(_shorten(name) for name in names[:_NAMED])
    return shown + (f"; and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _get_heading(piece: Piece) -> str:
    if piece.above:
        return piece.above[-1].words
    return piece.text.strip("#* ").split("\n")[0] if piece.block < 0 else ""


def _shorten(name: str) -> str:
    return shorten(sanitize(" ".join(name.split())), 40)
