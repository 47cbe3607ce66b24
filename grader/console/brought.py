"""What an import brings, in words: each kind with its number and where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.arrival.found import Piece
from grader.console.paint import paint, wrapped
from grader.harmless import harmless
from grader.journal import title
from grader.practice.bringing import Bundle, Target
from grader.workspace import Workspace

_NAMED = 8
"""As many headings of what is left over are named."""
_REMARKS = 60


def report(workspace: Workspace, bundles: Sequence[Bundle], faults: Sequence[str]) -> Iterator[str]:
    """Line by line: what is new, where it goes, and what to look at."""
    for bundle in bundles:
        yield paint(harmless(bundle.source.name), "strong")
        rows = list(_rows(workspace, bundle))
        wide = max((len(what) for what, _ in rows), default=0)
        for what, where in rows:
            yield f"  {what:<{min(wide, 60)}}  {paint(where, 'name')}"
        for target in bundle.targets:
            if target.kind == "rest" and (names := _headings(target)):
                yield wrapped(f"below: {names}", "      ")
        if bundle.known:
            yield f"  {_count(bundle.known, 'thing')} brought before"
        if not rows and not bundle.known:
            yield "  nothing that could be brought"
    yield from _told([*faults, *(remark for bundle in bundles for remark in bundle.remarks)])


def _told(remarks: Sequence[str]) -> Iterator[str]:
    if remarks:
        yield ""
        yield paint("To look at", "strong")
    for line in remarks[:_REMARKS]:
        yield wrapped(harmless(line, 500), "    ", "  ")
    if len(remarks) > _REMARKS:
        yield f"  and {len(remarks) - _REMARKS} more"


def is_new(bundles: Sequence[Bundle]) -> bool:
    """Whether anything would be brought."""
    return any(bundle.ledger for bundle in bundles)


def _rows(workspace: Workspace, bundle: Bundle) -> Iterator[tuple[str, str]]:
    by_kind = {kind: [t for t in bundle.targets if t.kind == kind] for kind in _KINDS}
    if days := by_kind["log"]:
        yield _days(days), f"{workspace.shown(workspace.log)}/"
    for kind, noun in (("questions", "question"), ("glossary", "term")):
        for target in by_kind[kind]:
            yield _count(len(target.pieces), noun), workspace.shown(target.path)
    if bundle.readings:
        yield _readings(bundle), "the reading list"
    if bundle.claims:
        done = sum(said.done for said in bundle.claims.values())
        words = f"{_count(len(bundle.claims), 'claim')}: {done} said to be done"
        words += f", {len(bundle.claims) - done} not yet"
        yield words, "the tracker, as claims"
    copies = {shown.copy for shown in bundle.shown if shown.copy is not None}
    if copies:
        folder = workspace.shown(workspace.imported / bundle.source.slug)
        yield _count(len(copies), "picture"), f"{folder}/"
    for target in by_kind["rest"]:
        yield f"{_count(len(target.pieces), 'piece')} kept as a note", workspace.shown(target.path)


_KINDS = ("log", "questions", "glossary", "rest")


def _days(targets: Sequence[Target]) -> str:
    days = sorted(target.day for target in targets if target.day is not None)
    pieces = _count(sum(len(target.pieces) for target in targets), "item")
    first, last = (title(day).partition(", ")[2] for day in (days[0], days[-1]))
    span = first if first == last else f"{first} to {last}"
    return f"{_count(len(days), 'day')} of log, {span}, {pieces}"


def _readings(bundle: Bundle) -> str:
    own = len(bundle.readings) - bundle.marked
    number = _count(len(bundle.readings), "reading")
    return f"{number}: {own} of your own, {bundle.marked} of the course's"


def _headings(target: Target) -> str:
    """Below which headings stood what has no place of its own."""
    names = list(dict.fromkeys(filter(None, (_heading(piece) for piece, _ in target.pieces))))
    shown = "; ".join(_short(name) for name in names[:_NAMED])
    return shown + (f"; and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _heading(piece: Piece) -> str:
    if piece.above:
        return piece.above[-1].words
    return piece.text.strip("#* ").split("\n")[0] if piece.block < 0 else ""


def _short(name: str) -> str:
    plain = harmless(" ".join(name.split()))
    return plain if len(plain) <= 40 else f"{plain[:39].rstrip()}…"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
