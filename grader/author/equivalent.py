"""The changes that an author has explained: they mean the same, so no check can notice them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.author.survivor import Survivor, Tally
from grader.curriculum.files import read_file
from grader.curriculum.models import EQUIVALENT
from grader.curriculum.report import Report, quoted
from grader.curriculum.values import Value
from grader.workspace import Workspace


def explained(workspace: Workspace, tally: Tally) -> Tally:
    """The tally with the survivors that are left, and what is wrong with the explanations."""
    path = workspace.equivalents(tally.exercise)
    if not path.exists():
        return replace(tally, unexplained=tally.survivors)
    file = read_file(workspace, path, EQUIVALENT, "the list")
    reasons = dict(_reasons(file.items("equivalent"), file.report))
    survived = {_change(survivor) for survivor in tally.survivors}
    for change, entry in reasons.items():
        if change not in survived:
            problem = f"the change to {quoted(change[1])} no longer survives"
            file.report.add(entry, problem, "delete the entry")
    left = tuple(one for one in tally.survivors if one.breaks or _change(one) not in reasons)
    return replace(tally, unexplained=left, faults=tuple(file.report.faults))


def _reasons(entries: list[Value], report: Report) -> Iterator[tuple[tuple[str, str], Value]]:
    """Each entry by its change; one that is there twice is reported."""
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        texts = [found.value for key in ("was", "becomes") if (found := entry.get(key))]
        if len(texts) != 2 or entry.get("reason") is None:
            continue  # reported when it was read
        change = (_lines(texts[0]), _lines(texts[1]))
        if change in seen:
            report.add(entry, f"the change to {quoted(change[1])} again", "keep one entry")
            continue
        seen.add(change)
        yield change, entry


def _change(survivor: Survivor) -> tuple[str, str]:
    return _lines(survivor.was), _lines(survivor.becomes)


def _lines(text: str) -> str:
    """The text without spaces at the ends of its lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines())
