"""The planner of an import: for each journal, what is new, where it goes and what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from grader.learner.importer.contents import JournalContents, compute_key
from grader.learner.importer.days.context import DayContext, complete_context
from grader.learner.importer.journal_reader import read_journal
from grader.services.importing.claims import ClaimIndex
from grader.services.importing.files import ImportFile
from grader.services.importing.ledger import ImportLedger
from grader.services.importing.links import ImportPlaces, find_links, list_link_remarks
from grader.services.importing.notebooks import ImportNotebook, find_notebook
from grader.services.importing.open_days import list_hints, list_open_days
from grader.services.importing.pictures import ImportPicture, PictureFinder, list_due
from grader.services.importing.pieces import PieceIndex
from grader.services.importing.plan import ImportPlan
from grader.services.importing.reading_index import ReadingIndex, collect_readings, find_doubled
from grader.services.importing.targets import Draft, ImportTarget, KeyedPiece, draft_targets
from grader.services.session import Session


def plan_imports(
    session: Session,
    sources: Sequence[ImportFile],
    year: int | None = None,
    first: date | None = None,
    *,
    again: bool = False,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> list[ImportPlan]:
    """Return what each journal would add to earlier imports and to the journals before it.

    ``year`` is that of the first date where none is named, and ``first`` the day that ``Day 1``
    was. With ``again`` what was imported before and deleted since is new too. Nothing is written.
    """
    planner = _Planner(session, again=again)
    given = DayContext(None, year, None, first, session.get_today())
    plans = []
    for number, source in enumerate(sources, 1):
        watch(number, len(sources))
        plans.append(planner.plan(source, given))
    plans = planner.add_links(plans)
    remarks = tuple(list_open_days([(plan.source, plan.found) for plan in plans]))
    if remarks:
        plans[0] = replace(plans[0], remarks=(*remarks, *plans[0].remarks))
    return plans


class _Planner:
    """Plans several journals, which share what is known: what one adds, the next finds there."""

    def __init__(self, session: Session, *, again: bool) -> None:
        self.again = again
        self.session, self.workspace = session, session.workspace
        self.today = session.get_today().isoformat()
        self.ledger = ImportLedger(self.workspace, self.today)
        self.pieces = PieceIndex(self.workspace, self.ledger.rows)
        self.claims = ClaimIndex(self.ledger, again=again)
        self.readings = ReadingIndex(session)
        self.finder = PictureFinder(self.workspace)
        self.places = ImportPlaces(self.workspace)

    def add_links(self, plans: Sequence[ImportPlan]) -> list[ImportPlan]:
        """Add to each plan where its links lead, which all plans together say."""
        linked = []
        for plan in plans:
            links = tuple(find_links(self.places, plan.source, plan.found))
            told = (*plan.remarks, *list_link_remarks(plan.source, links))
            linked.append(replace(plan, links=links, remarks=told))
        return linked

    def plan(self, source: ImportFile, given: DayContext) -> ImportPlan:
        """Plan one journal."""
        context = complete_context(source.dates, given)
        found = read_journal(source.text, self.session.course, context=context)
        self.ledger.begin()
        readings = collect_readings(self.readings, self.ledger, source, found, again=self.again)
        targets = tuple(self._list_targets(source, found))
        claims, dropped_claims = self.claims.collect(source, found)
        every = tuple(self.finder.find(source, found))
        notebook, refusal = self._find_notebook(source)
        self.ledger.end()
        return ImportPlan(
            source=source,
            found=found,
            targets=targets,
            readings=readings.rows,
            marked=readings.marked,
            claims=claims,
            pictures=tuple(list_due(every, targets, found)),
            shown=tuple(one.source for one in every),
            notebook=notebook,
            links=(),
            ledger=self.ledger.fresh,
            known=self.ledger.old,
            gone=self.ledger.gone,
            dropped=self.ledger.dropped,
            dropped_claims=dropped_claims,
            remarks=(*self._list_remarks(source, found), *readings.remarks, *refusal),
            left_out=tuple(_list_left_out(source, found, every)),
        )

    def _list_targets(self, source: ImportFile, found: JournalContents) -> Iterable[ImportTarget]:
        """Yield the files with what is new in each."""
        ledger = self.ledger
        drafts = list(draft_targets(self.workspace, source, found))
        held = [draft.path for draft in drafts if draft.pieces]
        self.places.add(source, found, sorted(held, key=self._is_log))
        for draft in drafts:
            chosen = self.pieces.select(draft, source.name, ledger.every, again=self.again)
            ledger.old += len(chosen.known)
            ledger.gone += len(chosen.gone)
            for one in chosen.fresh:
                ledger.add_piece(one.key, one.piece, source, draft.path)
            for update in chosen.updates:
                ledger.add_piece(update.key, update.piece, source, draft.path)
                ledger.drop(update.old_key)
            fresh = [*self._list_front(draft, source), *chosen.fresh]
            if fresh or chosen.updates:
                yield ImportTarget(
                    *(draft.path, draft.kind, tuple(fresh), draft.opening, draft.day),
                    updates=tuple(chosen.updates),
                )

    def _list_front(self, draft: Draft, source: ImportFile) -> list[KeyedPiece]:
        """Return the front matter as a piece, if it is new and the note begins otherwise."""
        if draft.front is None:
            return []
        key = compute_key(draft.place, draft.front.mark)
        is_new = self.ledger.add_new(key, source, 1, draft.path)
        lacks = is_new and _lacks(draft.path, draft.opening)
        return [KeyedPiece(draft.front, 1, key)] if lacks else []

    def _find_notebook(self, source: ImportFile) -> tuple[ImportNotebook | None, list[str]]:
        """Return the notebook that the journal is, if it is new, or why it is not copied."""
        notebook = find_notebook(self.workspace, source, self.ledger.known)
        if notebook is None:
            return None, []
        self.places.add(source, JournalContents(""), [notebook.copy])
        if notebook.refused:
            return None, [f"{source.name}: {notebook.refused}"]
        is_new = self.ledger.add_new(notebook.key, source, 1, notebook.copy)
        return (notebook if is_new else None), []

    def _is_log(self, path: Path) -> bool:
        return path.parent == self.workspace.log

    def _list_remarks(self, source: ImportFile, found: JournalContents) -> Iterable[str]:
        """Yield what the learner should know; a day in the future may be a slip of the pen."""
        yield from source.remarks
        yield from (f"{source.name}:{remark.line}: {remark.text}" for remark in found.remarks)
        yield from find_doubled(source, found)
        yield from list_hints(source, found)
        for day in found.days:
            if day.day.isoformat() > self.today:
                yield f"{source.name}:{day.line}: {day.day.isoformat()} is in the future"


def _lacks(path: Path, opening: str) -> bool:
    """Return whether a note is there already and begins otherwise."""
    if not path.is_file():
        return False
    return not path.read_bytes().replace(b"\r\n", b"\n").startswith(opening.encode())


def _list_left_out(
    source: ImportFile, found: JournalContents, pictures: Sequence[ImportPicture]
) -> Iterable[str]:
    yield from (f"{source.name}:{remark.line}: {remark.text}" for remark in found.left_out)
    for picture in pictures:
        if picture.missing:
            where = f"{source.name}:{picture.line}"
            yield f"{where}: the picture {picture.address} {picture.missing}"
