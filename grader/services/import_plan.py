"""What an import would bring: for each journal, what is new, where it goes and what is known."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from grader.base import clock
from grader.base.urls import normalize_url
from grader.learner.importer.contents import JournalContents, ListedReading, compute_key
from grader.learner.importer.day_context import DayContext, complete_context
from grader.learner.importer.journal_reader import read_journal
from grader.learner.importer.kinship import hash_words
from grader.learner.importer.pictures import decode_path
from grader.learner.importer.pieces import Piece, add_definitions
from grader.learner.importer.reading_entries import normalize_title
from grader.learner.model import ImportedClaim, ImportedItem, Reading
from grader.learner.notes.comments import remove_comments
from grader.learner.records import tables
from grader.services.import_days import list_hints, list_open_days
from grader.services.import_files import ImportFile
from grader.services.import_links import ImportLink, ImportPlaces, find_links, list_link_remarks
from grader.services.import_notebooks import ImportNotebook, find_notebook
from grader.services.import_pictures import ImportPicture, PictureFinder
from grader.services.import_pieces import KeyedPiece, PieceIndex
from grader.services.import_readings import (
    ReadingIndex,
    describe_title_match,
    find_doubled,
)
from grader.services.import_targets import Draft, ImportTarget, draft_targets
from grader.services.session import Session

_RANK = ("inbox", "next", "reading", "done")


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What one journal would add."""

    source: ImportFile
    found: JournalContents
    targets: tuple[ImportTarget, ...]
    readings: Mapping[str, Reading]
    marked: int
    """Readings among them that the course has."""
    claims: Mapping[str, ImportedClaim]
    pictures: tuple[ImportPicture, ...]
    """Pictures to copy."""
    shown: tuple[Path, ...]
    """Every picture that it shows, whether that is new or not."""
    notebook: ImportNotebook | None
    """A notebook to copy, in place of all that a text would add."""
    links: tuple[ImportLink, ...]
    """Links to other files of the journal."""
    ledger: Mapping[str, ImportedItem]
    """A row for each new thing."""
    known: int
    """Things that an import took over before."""
    gone: int
    """Those of them that are no longer where they were put."""
    dropped: Mapping[str, ImportedItem]
    """Rows of the ledger whose pieces have a newer version now."""
    dropped_claims: Mapping[str, ImportedClaim]
    """Claims that have a newer version now."""
    remarks: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    """Lines and pictures that are not brought, and why."""


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
        folder = session.workspace.progress
        self.session, self.workspace = session, session.workspace
        self.today, self.now = session.get_today().isoformat(), clock.format_now()
        self.rows = tables.open_imports(folder).read_all()
        self.known = dict(self.rows)
        self.pieces = PieceIndex(self.workspace, self.rows)
        self.claims = tables.open_claims(folder).read_all()
        self.index = ReadingIndex(session)
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
        context = complete_context(source.dates, given)
        found = read_journal(source.text, self.session.course, context=context)
        self.ledger: dict[str, ImportedItem] = {}
        self.remarks: list[str] = []
        self.old = self.gone = 0
        self.dropped: dict[str, ImportedItem] = {}
        self.dropped_claims: dict[str, ImportedClaim] = {}
        readings, marked = self._collect_readings(source, found)
        targets = tuple(self._list_targets(source, found))
        claims = self._collect_claims(source, found)
        every = tuple(self.finder.find(source, found))
        pictures = tuple(_list_due(every, targets, found))
        notebook = self._find_notebook(source)
        self.known.update(self.ledger)
        listed = (
            *_list_remarks(source, found),
            *list_hints(source, found),
            *self._list_future(source, found),
        )
        return ImportPlan(
            source=source,
            found=found,
            targets=targets,
            readings=readings,
            marked=marked,
            claims=claims,
            pictures=pictures,
            shown=tuple(one.source for one in every),
            notebook=notebook,
            links=(),
            ledger=self.ledger,
            known=self.old,
            gone=self.gone,
            dropped=self.dropped,
            dropped_claims=self.dropped_claims,
            remarks=(*listed, *self.remarks),
            left_out=tuple(_list_left_out(source, found, every)),
        )

    def _list_targets(self, source: ImportFile, found: JournalContents) -> Iterable[ImportTarget]:
        """Yield the files with what is new in each."""
        drafts = list(draft_targets(self.workspace, source, found))
        held = [draft.path for draft in drafts if draft.pieces]
        self.places.add(source, found, sorted(held, key=self._is_log))
        for draft in drafts:
            known = ChainMap(self.ledger, self.known)
            chosen = self.pieces.select(draft, source.name, known, again=self.again)
            fresh = chosen.fresh
            self.old += len(chosen.known)
            self.gone += len(chosen.gone)
            for one in fresh:
                self._add_piece(one.key, one.piece, source, draft)
            for update in chosen.updates:
                self._add_piece(update.key, update.piece, source, draft)
                self.dropped[update.old_key] = self.rows[update.old_key]
            if draft.front and self._is_new(
                compute_key(draft.place, draft.front.mark), source, 1, draft.path
            ):
                lacks = _lacks(draft.path, draft.opening)
                front = KeyedPiece(draft.front, 1, compute_key(draft.place, draft.front.mark))
                fresh = [front, *fresh] if lacks else fresh
            if fresh or chosen.updates:
                yield ImportTarget(
                    *(draft.path, draft.kind, tuple((one.piece, one.number) for one in fresh)),
                    *(draft.opening, draft.day, tuple(one.key for one in fresh)),
                    updates=tuple(chosen.updates),
                )

    def _add_piece(self, key: str, piece: Piece, source: ImportFile, draft: Draft) -> None:
        place = self.workspace.show_path(draft.path)
        where = f"{source.name}:{piece.line}"
        self.ledger[key] = ImportedItem(where, place, self.today, hash_words(piece.text))

    def _find_notebook(self, source: ImportFile) -> ImportNotebook | None:
        """Return the notebook that the journal is, if it is new."""
        notebook = find_notebook(self.workspace, source, self.known)
        if notebook is None:
            return None
        self.places.add(source, JournalContents(""), [notebook.copy])
        if notebook.refused:
            self.remarks.append(f"{source.name}: {notebook.refused}")
            return None
        return notebook if self._is_new(notebook.key, source, 1, notebook.copy) else None

    def _is_log(self, path: Path) -> bool:
        return path.parent == self.workspace.log

    def _list_future(self, source: ImportFile, found: JournalContents) -> Iterable[str]:
        """Yield a remark for each day that is in the future, which may be a slip of the pen."""
        for day in found.days:
            if day.day.isoformat() > self.today:
                yield f"{source.name}:{day.line}: {day.day.isoformat()} is in the future"

    def _is_new(self, name: str, source: ImportFile, line: int, path: Path | str) -> bool:
        if name in self.known or name in self.ledger:
            self.old += 1
            return False
        place = path if isinstance(path, str) else self.workspace.show_path(path)
        self.ledger[name] = ImportedItem(f"{source.name}:{line}", place, self.today)
        return True

    def _collect_claims(
        self, source: ImportFile, found: JournalContents
    ) -> dict[str, ImportedClaim]:
        """Return new claims by id; the same tick below two headings or on two days is two."""
        claims = {}
        seen: dict[str, int] = {}
        current: set[str] = set()
        for claim in found.claims:
            place = f"claims/{claim.day or source.slug}"
            said = f"{claim.text}\n{claim.done}\n{claim.detail}"
            mark = f"{place}\n{claim.heading}\n{said}"
            number = seen[mark] = seen.get(mark, 0) + 1
            name = compute_key(place, f"{claim.heading}\n{said}", number)
            current.add(name)
            where = f"{source.name}:{claim.line}"
            if number == 1 and self._is_old(compute_key("claims", said), source):
                self.old += 1
                current.add(compute_key("claims", said))
            elif self._is_new(name, source, claim.line, "claims") or self._is_lost_claim(name):
                claims[name] = ImportedClaim(
                    *(
                        remove_comments(claim.text).strip() or claim.text,
                        claim.done,
                        where,
                        self.today,
                        claim.detail,
                        claim.units,
                    ),
                    heading=claim.heading,
                )
        self._drop_claims(source, claims, current)
        return claims

    def _is_lost_claim(self, name: str) -> bool:
        return self.again and name not in self.claims

    def _drop_claims(
        self, source: ImportFile, fresh: Mapping[str, ImportedClaim], current: set[str]
    ) -> None:
        """Drop this file's claims that it has no more and that say what a new one says."""
        said = {(claim.text.casefold(), claim.heading) for claim in fresh.values()}
        for name, claim in self.claims.items():
            is_ours = claim.source.rpartition(":")[0] == source.name and name in self.rows
            if is_ours and name not in current and (claim.text.casefold(), claim.heading) in said:
                self.dropped_claims[name] = claim
                self.dropped[name] = self.rows[name]

    def _is_old(self, name: str, source: ImportFile) -> bool:
        """Return whether this file brought it when claims had no headings in their names."""
        row = self.rows.get(name)
        return row is not None and row.source.rpartition(":")[0] == source.name

    def _collect_readings(
        self, source: ImportFile, found: JournalContents
    ) -> tuple[dict[str, Reading], int]:
        """Return new readings by id, each once, and how many of them are the course's."""
        fresh: dict[str, Reading] = {}
        marked = 0
        best: dict[str, ListedReading] = {}
        for listed in found.readings:
            name = normalize_url(listed.url) if listed.url else normalize_title(listed.title)
            before = best.get(name, listed)
            best[name] = max(before, listed, key=lambda one: _RANK.index(one.state))
        for name, listed in best.items():
            key = compute_key("readings", name)
            if not self._is_new(key, source, listed.line, "readings") and not self.again:
                continue
            where, ours = self.index.assign_id(listed)
            if remark := describe_title_match(listed, where, self.session):
                self.remarks.append(f"{source.name}:{listed.line}: {listed.title!r} {remark}")
            if where not in self.index.taken and where not in fresh:
                fresh[where] = self.index.make_row(listed, ours, self.today, self.now)
                marked += ours
        return fresh, marked


def _clean(text: str) -> str:
    """Return a claim's words without what Obsidian hides."""
    return remove_comments(text).strip() or text


def _lacks(path: Path, opening: str) -> bool:
    """Return whether a note is there already and begins otherwise."""
    if not path.is_file():
        return False
    return not path.read_bytes().replace(b"\r\n", b"\n").startswith(opening.encode())


def _list_due(
    every: Sequence[ImportPicture], targets: Sequence[ImportTarget], found: JournalContents
) -> Iterable[ImportPicture]:
    """Yield the pictures that a new piece shows."""
    pieces = [piece.text for target in targets for piece, _ in target.pieces]
    pieces += [update.piece.text for target in targets for update in target.updates]
    text = "\n".join(add_definitions(piece, found.definitions) for piece in pieces) if every else ""
    text = f"{text}\n{unquote(text)}"
    for picture in every:
        names = {picture.address, decode_path(picture.address)}
        if picture.copy is not None and any(name in text for name in names):
            yield picture


def _list_remarks(source: ImportFile, found: JournalContents) -> Iterable[str]:
    yield from source.remarks
    yield from (f"{source.name}:{remark.line}: {remark.text}" for remark in found.remarks)
    yield from find_doubled(source, found)


def _list_left_out(
    source: ImportFile, found: JournalContents, pictures: Sequence[ImportPicture]
) -> Iterable[str]:
    yield from (f"{source.name}:{remark.line}: {remark.text}" for remark in found.left_out)
    for picture in pictures:
        if picture.missing:
            where = f"{source.name}:{picture.line}"
            yield f"{where}: the picture {picture.address} {picture.missing}"
