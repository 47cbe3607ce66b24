"""Match the reading lists of a journal with the list that there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from grader.base import clock
from grader.base.urls import normalize_url
from grader.learner.entry_text import strip_controls
from grader.learner.importer.contents import JournalContents, ListedReading, compute_key
from grader.learner.importer.findings.reading_entries import list_title_variants, normalize_title
from grader.learner.model import Reading
from grader.learner.notes.comments import remove_comments
from grader.learner.reading_list import guess_kind, join_lists, make_id
from grader.learner.records import tables
from grader.services.importing.files import ImportFile
from grader.services.importing.ledger import ImportLedger
from grader.services.session import Session

_RANK = ("inbox", "next", "reading", "done")


@dataclass(slots=True)
class NewReadings:
    """The readings that a journal adds."""

    rows: dict[str, Reading] = field(default_factory=dict)
    """By id, each once."""
    marked: int = 0
    """How many of them are the course's."""
    remarks: list[str] = field(default_factory=list)


class ReadingIndex:
    """The reading list as it is, by address and by title."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = clock.format_now()
        self.taken = tables.open_readings(session.workspace.progress).read_all()
        self.course = {resource.id for resource in session.course.resources}
        items = join_lists(session.course, self.taken)
        self.at = {normalize_url(i.resource.url): i.id for i in reversed(items) if i.resource.url}
        self.titled = {
            words: i.id
            for i in reversed(items)
            for words in list_title_variants(i.resource.title)[::-1]
        }

    def assign_id(self, listed: ListedReading) -> tuple[str, bool]:
        """Return the id under which it is kept, and whether it is one of the course's."""
        found = self.at.get(normalize_url(listed.url)) if listed.url else None
        for words in list_title_variants(listed.title):
            alike = self.titled.get(words)
            if alike and (not listed.url or alike in self.course):
                found = found or alike
        if found:
            return found, found in self.course
        name = make_id(listed.title, listed.url)
        if listed.url:
            self.at[normalize_url(listed.url)] = name
        self.titled.setdefault(normalize_title(listed.title), name)
        return name, False

    def make_row(self, listed: ListedReading, ours: bool, today: str) -> Reading:
        """Return the row to keep: of the course's entries only the state."""
        own = Reading(listed.state, today, self.now)
        if ours:
            return own
        kind = listed.kind or (guess_kind(listed.url) if listed.url else "article")
        return replace(
            own,
            title=join_lines(remove_comments(listed.title)),
            url=listed.url,
            kind=kind,
            authors=listed.authors,
        )


def collect_readings(
    index: ReadingIndex,
    ledger: ImportLedger,
    source: ImportFile,
    found: JournalContents,
    *,
    again: bool,
) -> NewReadings:
    """Return the new readings; of an entry that is listed twice the state further on counts."""
    new = NewReadings()
    best: dict[str, ListedReading] = {}
    for listed in found.readings:
        name = normalize_url(listed.url) if listed.url else normalize_title(listed.title)
        before = best.get(name, listed)
        best[name] = max(before, listed, key=lambda one: _RANK.index(one.state))
    for name, listed in best.items():
        key = compute_key("readings", name)
        if not ledger.add_new(key, source, listed.line, "readings") and not again:
            continue
        where, ours = index.assign_id(listed)
        if remark := describe_title_match(listed, where, index.session):
            new.remarks.append(f"{source.name}:{listed.line}: {listed.title!r} {remark}")
        if where not in index.taken and where not in new.rows:
            new.rows[where] = index.make_row(listed, ours, ledger.today)
            new.marked += ours
    return new


def join_lines(text: str) -> str:
    """Return the text on one line, without control characters."""
    return " ".join(strip_controls(text).split())[:300]


def find_doubled(source: ImportFile, found: JournalContents) -> Iterable[str]:
    """Yield a remark for each entry whose address was listed before."""
    first: dict[str, ListedReading] = {}
    for listed in found.readings:
        before = first.setdefault(normalize_url(listed.url) if listed.url else listed.title, listed)
        if before is not listed:
            where = f"{source.name}:{listed.line}"
            yield f"{where}: {listed.title!r} has the address of line {before.line}; listed once"


def describe_title_match(listed: ListedReading, name: str, session: Session) -> str:
    """Return a remark on an entry that has a title of the course's and another address."""
    known = {resource.id: resource for resource in session.course.resources}
    if (
        not listed.url
        or name not in known
        or normalize_url(known[name].url) == normalize_url(listed.url)
    ):
        return ""
    return f"matched to {name} of the course by its title; the note keeps its address"
