"""What an import would add of one journal, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.learner.importer.contents import JournalContents
from grader.learner.model import ImportedClaim, ImportedItem, Reading
from grader.services.importing.files import ImportFile
from grader.services.importing.links import ImportLink
from grader.services.importing.notebooks import ImportNotebook
from grader.services.importing.pictures import ImportPicture
from grader.services.importing.targets import ImportTarget


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
