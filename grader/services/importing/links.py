"""The links of a journal: each leads to where the file that it names has gone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from grader.base.paths import Workspace
from grader.learner.importer.contents import JournalContents
from grader.learner.importer.dates.meanings import make_date
from grader.learner.importer.dates.parser import parse_date
from grader.learner.importer.links.addresses import slugify, split_address
from grader.services.importing.files import ImportFile

_NAMED = 5
"""As many links of a journal that lead nowhere are remarked one by one."""


@dataclass(frozen=True, slots=True)
class ImportLink:
    """A link from one journal to a file beside it."""

    address: str
    """As written; a wikilink in its brackets."""
    line: int
    to: Path | None = None
    """Where it leads in the workspace; None where it leads to nothing that is brought."""
    heading: str = ""
    """The anchor there."""
    missing: str = ""
    """Why it leads nowhere."""


class ImportPlaces:
    """Where each journal of an import goes, for the links to it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.places: dict[str, Path] = {}
        self.days: dict[str, dict[str, date]] = {}
        """The days of each journal by the anchors of their headings."""
        self.known_days: set[date] = set()

    def add(self, source: ImportFile, found: JournalContents, paths: Sequence[Path]) -> None:
        """Add a journal; ``paths`` are where its pieces go, the best for a link first."""
        real = os.path.realpath(source.path)
        if paths:
            self.places[real] = paths[0]
        lines = source.text.split("\n")
        self.days[real] = {
            slugify(re.sub(r"<[^>]+>", "", lines[day.line - 1])): day.day for day in found.days
        }
        self.known_days.update(day.day for day in found.days)

    def resolve(self, source: ImportFile, address: str, line: int) -> ImportLink:
        """Return where a link leads."""
        path, heading = split_address(address)
        file = source.folder.find_file(source.path, address)
        if file is None:
            day = self._parse_day(path) if address.startswith("[[") else None
            if day is not None:
                return ImportLink(address, line, self.workspace.log / f"{day.isoformat()}.md")
            return ImportLink(address, line, missing=_explain_missing(source, address))
        real = os.path.realpath(file)
        if day := self.days.get(real, {}).get(slugify(heading)) if heading else None:
            return ImportLink(address, line, self.workspace.log / f"{day.isoformat()}.md")
        place = self.places.get(real)
        if place is None:
            return ImportLink(address, line, missing="leads to a file that is not imported")
        anchor = "" if place.is_relative_to(self.workspace.log) else _slugify_anchor(heading)
        return ImportLink(address, line, place, anchor)

    def _parse_day(self, name: str) -> date | None:
        """Return the day that a wikilink names, as Logseq does, if the journal has it."""
        written = parse_date(name)
        day = make_date(written, written.year) if written and written.year else None
        return day if day in self.known_days else None


def _explain_missing(source: ImportFile, address: str) -> str:
    if address.startswith("[["):
        return "names no file of the journal"
    path, _ = split_address(address)
    near = (source.path.parent / path, source.folder.root / path.lstrip("/"))
    if any(folder.is_dir() for folder in near):
        return "leads to a folder, and no file in it is called README"
    return "leads to a file that is not there"


def _slugify_anchor(heading: str) -> str:
    """Return the anchor of a heading; a block's id, which the site does not show, has none."""
    return "" if heading.startswith("^") else slugify(heading.rpartition("#")[2])


def find_links(
    places: ImportPlaces, source: ImportFile, found: JournalContents
) -> Iterator[ImportLink]:
    """Yield the journal's links; one to a heading of its own page only if that is now a day."""
    for address, line in found.links:
        link = places.resolve(source, address, line)
        own, _ = split_address(address)
        if own or (link.to and link.to.is_relative_to(places.workspace.log)):
            yield link


def list_link_remarks(source: ImportFile, links: Sequence[ImportLink]) -> Iterator[str]:
    """Yield a remark for each of the first links that lead nowhere, and one for all others."""
    lost = [link for link in links if link.missing]
    for link in lost[:_NAMED]:
        yield f"{source.name}:{link.line}: {link.address} {link.missing}"
    if more := lost[_NAMED:]:
        named = ", ".join(link.address for link in more)
        yield f"{source.name}: {len(more)} more links lead to nothing that is imported: {named}"


def map_links(links: Sequence[ImportLink], folder: Path) -> Mapping[str, str]:
    """Return the new address of each link, as seen from a folder of the workspace."""
    return {
        link.address: _make_relative(link.to, folder) + (f"#{link.heading}" * bool(link.heading))
        for link in links
        if link.to is not None
    }


def _make_relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()
