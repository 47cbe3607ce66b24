"""What an import would write, in words: the journals, the table of kinds, and what to check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.cli.console.import_left_out import format_left_out
from grader.cli.console.import_table import format_table
from grader.cli.console.terminal import count_noun, format_entry, paint, wrap
from grader.services.importing.files import LeftOut
from grader.services.importing.plan import ImportPlan

_REMARKS = 60
_JOURNALS = 20
"""As many journals are named one by one."""


def format_report(
    workspace: Workspace,
    plans: Sequence[ImportPlan],
    faults: Sequence[str],
    files: Sequence[LeftOut] = (),
) -> Iterator[str]:
    """Yield the lines of the report: what is new, where it goes, and what to look at.

    ``files`` are those of a folder that are left out.
    """
    yield from _format_journals(plans)
    left = [*faults, *(line for plan in plans for line in plan.left_out)]
    yield from format_table(workspace, plans, len(left) + len(files))
    if known := sum(plan.known for plan in plans):
        yield f"  {count_noun(known, 'item')} imported before"
    if gone := sum(plan.gone for plan in plans):
        yield f"  {gone} of them deleted since; --again brings them"
    yield from _format_list("Left out", left)
    yield from format_left_out(files)
    yield from _format_list("To check", [remark for plan in plans for remark in plan.remarks])


def _format_journals(plans: Sequence[ImportPlan]) -> Iterator[str]:
    """Yield the names of the journals; with what is new in each where there are several."""
    if len(plans) == 1:
        yield paint(sanitize(plans[0].source.name), "strong")
        return
    yield paint(count_noun(len(plans), "journal"), "strong")
    for plan in plans[:_JOURNALS]:
        yield format_entry(" ", sanitize(plan.source.name), 0, _summarize(plan))
    if len(plans) > _JOURNALS:
        yield f"  and {len(plans) - _JOURNALS} more"
    yield ""


def _summarize(plan: ImportPlan) -> str:
    """Return what is new in one journal: ``2 days, 1 note, 3 claims``."""
    days = len({target.day for target in plan.targets if target.kind == "log"})
    notes = len({target.path for target in plan.targets if target.kind != "log"})
    notes += plan.notebook is not None
    numbers = {"day": days, "note": notes, "reading": len(plan.readings), "claim": len(plan.claims)}
    words = ", ".join(count_noun(number, noun) for noun, number in numbers.items() if number)
    return words or (
        "all of it imported before" if plan.known else "nothing that could be imported"
    )


def _format_list(heading: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield paint(heading, "strong")
    for line in lines[:_REMARKS]:
        yield wrap(sanitize(line, 500), "    ", "  ")
    if len(lines) > _REMARKS:
        yield f"  and {len(lines) - _REMARKS} more"


def is_new(plans: Sequence[ImportPlan]) -> bool:
    """Return whether anything would be imported."""
    return any(plan.ledger or plan.readings or plan.claims for plan in plans)
