"""The changes that an author has explained: they mean the same, so no check can notice them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.authoring.mutant_tally import Survivor, Tally
from grader.base.paths import Workspace
from grader.course.loader.faults import FaultReport, quote
from grader.course.loader.files import read_file
from grader.course.loader.models import EQUIVALENT
from grader.course.loader.values import Value


def drop_explained(workspace: Workspace, tally: Tally) -> Tally:
    """Return the tally with the unexplained survivors and the faults of the explanations."""
    path = workspace.locate_equivalents(tally.exercise)
    if not path.exists():
        return replace(tally, unexplained=tally.survivors)
    file = read_file(workspace, path, EQUIVALENT, "the list")
    reasons = dict(_iterate_reasons(file.get_items("equivalent"), file.report))
    survived = {_build_change(survivor) for survivor in tally.survivors}
    for change, entry in reasons.items():
        if change not in survived:
            problem = f"the change to {quote(change[1])} no longer survives"
            file.report.add(entry, problem, "delete the entry")
    left = tuple(one for one in tally.survivors if one.breaks or _build_change(one) not in reasons)
    return replace(tally, unexplained=left, faults=tuple(file.report.faults))


def _iterate_reasons(
    entries: list[Value], report: FaultReport
) -> Iterator[tuple[tuple[str, str], Value]]:
    """Yield each entry by its change; report one that is there twice."""
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        texts = [found.value for key in ("was", "becomes") if (found := entry.get(key))]
        if len(texts) != 2 or entry.get("reason") is None:
            continue  # reported when it was read
        change = (_strip_lines(texts[0]), _strip_lines(texts[1]))
        if change in seen:
            report.add(entry, f"duplicate change to {quote(change[1])}", "keep one entry")
            continue
        seen.add(change)
        yield change, entry


def _build_change(survivor: Survivor) -> tuple[str, str]:
    return _strip_lines(survivor.was), _strip_lines(survivor.becomes)


def _strip_lines(text: str) -> str:
    """Return the text without spaces at the ends of its lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines())
