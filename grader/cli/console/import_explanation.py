"""What becomes of each line of the journals: ``grade import --explain``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.cli.console.terminal import format_entry, paint
from grader.learner.importer.line_fates import LineFate, list_lines, trace_lines
from grader.services.importing.plan import ImportPlan


def format_explanation(workspace: Workspace, plans: Sequence[ImportPlan]) -> Iterator[str]:
    """Yield, for each journal, its lines and where they go."""
    for plan in plans:
        yield ""
        yield paint(f"{sanitize(plan.source.name)}, line by line", "strong")
        if plan.notebook is not None:
            yield f"  all of it: {workspace.show_path(plan.notebook.copy)}"
        fates = trace_lines(plan.source.text, plan.found, _list_known(plan))
        wide = max((len(_name_lines(fate)) for fate in fates), default=0)
        for fate in fates:
            words = "; ".join([_name_place(workspace, plan, fate), *_list_more(fate)])
            yield format_entry(" ", _name_lines(fate), wide, sanitize(words, 500))


def _list_known(plan: ImportPlan) -> frozenset[int]:
    """Return the lines of the text that an import took over before."""
    every = [*plan.found.leftovers, *(p for day in plan.found.days for p in day.pieces)]
    return list_lines(every) - list_lines(
        one.piece for target in plan.targets for one in target.pieces
    )


def _list_more(fate: LineFate) -> Iterator[str]:
    each = "" if fate.first == fate.last else "each "
    yield from (f"{each}{counted}" for counted in fate.counted)
    if fate.known and fate.place in ("log", "note"):
        yield "imported before"


def _name_lines(fate: LineFate) -> str:
    return str(fate.first) if fate.first == fate.last else f"{fate.first}-{fate.last}"


def _name_place(workspace: Workspace, plan: ImportPlan, fate: LineFate) -> str:
    if fate.place == "log":
        return workspace.show_path(workspace.log / f"{fate.day}.md")
    if fate.place == "note":
        return workspace.show_path(workspace.imported / f"{plan.source.slug}.md")
    if fate.place == "day":
        return f"the day {fate.day}" if fate.day else "a day, which begins here"
    if fate.place == "reference":
        return "goes with the text that refers to it"
    return f"left out: {fate.why or 'it belongs to nothing that is imported'}"
