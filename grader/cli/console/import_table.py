"""The table of what an import would bring: each kind with its number, and where it goes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.cli.console.terminal import count_noun, format_entry, paint, shorten
from grader.learner.entry_text import name_day
from grader.learner.importer.text.pieces import Piece, write_markdown
from grader.learner.notes.card_reader import read_cards
from grader.services.importing.plan import ImportPlan
from grader.services.importing.targets import ImportTarget

_NAMED = 8
"""As many headings of what is kept as text are named."""
_SEVERAL = 3
"""From so many places on, their folder is named instead."""

Row = tuple[str, int, str]
"""A kind, its number, and where it goes or what is known of it."""


def format_table(workspace: Workspace, plans: Sequence[ImportPlan], left: int) -> Iterator[str]:
    """Yield the lines of the table; a kind of which there is nothing has a dash."""
    rows = [*_list_rows(workspace, plans), ("left out", left, "listed below" if left else "")]
    wide = max(len(str(number)) for _, number, _ in rows)
    for kind, number, where in rows:
        shown = f"{kind:<12}  {number or '-':>{wide}}"
        yield format_entry(" ", shown, len(shown), paint(where, "name") if number else "")


def _list_rows(workspace: Workspace, plans: Sequence[ImportPlan]) -> Iterator[Row]:
    targets = [target for plan in plans for target in plan.targets]
    days = [target for target in targets if target.kind == "log"]
    notes = [target for target in targets if target.kind != "log"]
    cards, readings, claims = map(
        sum,
        (
            (_count_cards(target) for target in notes),
            (len(plan.readings) for plan in plans),
            (len(plan.claims) for plan in plans),
        ),
    )
    yield "days", len({target.day for target in days}), _describe_days(workspace, days)
    paths = {target.path for target in notes}
    paths |= {plan.notebook.copy for plan in plans if plan.notebook is not None}
    yield "notes", len(paths), _name_places(workspace, paths)
    yield "cards", cards, "in these notes: grade review"
    yield "readings", readings, _describe_readings(plans)
    yield "claims", claims, _describe_claims(plans)
    copies = {shown.copy for plan in plans for shown in plan.pictures if shown.copy is not None}
    yield "pictures", len(copies), f"{workspace.show_path(workspace.imported)}/"
    rest = [target for target in notes if target.kind == "rest"]
    pieces = sum(len(target.pieces) for target in rest)
    yield "kept as text", pieces, _describe_text(rest)
    if updates := sum(len(target.updates) for target in targets):
        yield "edited", updates, "in place of their older versions"


def _describe_days(workspace: Workspace, targets: Sequence[ImportTarget]) -> str:
    days = sorted({target.day for target in targets if target.day is not None})
    if not days:
        return ""
    first, last = (name_day(day).partition(", ")[2] for day in (days[0], days[-1]))
    span = first if first == last else f"{first} to {last}"
    items = count_noun(sum(len(target.pieces) for target in targets), "item")
    return f"{workspace.show_path(workspace.log)}/, {span}, {items}"


def _name_places(workspace: Workspace, paths: Collection[Path]) -> str:
    if len(paths) < _SEVERAL:
        return ", ".join(workspace.show_path(path) for path in sorted(paths))
    return f"{workspace.show_path(workspace.imported)}/"


def _describe_readings(plans: Sequence[ImportPlan]) -> str:
    ours = sum(plan.marked for plan in plans)
    own = sum(len(plan.readings) for plan in plans) - ours
    return f"the reading list: {own} of your own, {ours} of the course's"


def _describe_claims(plans: Sequence[ImportPlan]) -> str:
    claims = [claim for plan in plans for claim in plan.claims.values()]
    done = sum(claim.done for claim in claims)
    return f"the tracker: {done} said to be done, {len(claims) - done} not yet"


def _describe_text(targets: Sequence[ImportTarget]) -> str:
    """Name the headings of what is kept as text, in the note or the first of several."""
    pieces = [one.piece for target in targets for one in target.pieces]
    names = list(dict.fromkeys(filter(None, map(_get_heading, pieces))))
    shown = "; ".join(_shorten(name) for name in names[:_NAMED])
    more = f"; and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"paragraphs, items and rows{f', below: {shown}{more}' if shown else ''}"


def _count_cards(target: ImportTarget) -> int:
    """Return how many cards a note will have of what is new in it."""
    text = write_markdown([one.piece for one in target.pieces])
    return len(read_cards(text, "")) if re.search("question", text, re.IGNORECASE) else 0


def _get_heading(piece: Piece) -> str:
    if piece.above:
        return piece.above[-1].words
    return piece.text.strip("#* ").split("\n")[0] if piece.text.startswith(("#", "**")) else ""


def _shorten(name: str) -> str:
    return shorten(sanitize(" ".join(name.split())), 40)
