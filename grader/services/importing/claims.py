"""The claims of a journal: which are new, and which take the place of older ones."""

from __future__ import annotations

from collections.abc import Mapping

from grader.learner.importer.contents import JournalContents, StatusClaim, compute_key
from grader.learner.model import ImportedClaim
from grader.learner.notes.comments import remove_comments
from grader.learner.records import tables
from grader.services.importing.files import ImportFile
from grader.services.importing.ledger import ImportLedger

Claims = dict[str, ImportedClaim]


class ClaimIndex:
    """The claims that earlier imports brought."""

    def __init__(self, ledger: ImportLedger, *, again: bool) -> None:
        self.ledger, self.again = ledger, again
        self.known = tables.open_claims(ledger.workspace.progress).read_all()

    def collect(self, source: ImportFile, found: JournalContents) -> tuple[Claims, Claims]:
        """Return new claims by id, and older ones that they replace.

        The same tick below two headings or on two days is two.
        """
        claims: Claims = {}
        seen: dict[str, int] = {}
        current: set[str] = set()
        for claim in found.claims:
            place = f"claims/{claim.day or source.slug}"
            words = f"{claim.text}\n{claim.done}\n{claim.detail}"
            mark = f"{place}\n{claim.heading}\n{words}"
            number = seen[mark] = seen.get(mark, 0) + 1
            name = compute_key(place, f"{claim.heading}\n{words}", number)
            current.add(name)
            early = compute_key("claims", words)
            if number == 1 and self._is_early(early, source):
                self.ledger.old += 1
                current.add(early)
            elif self.ledger.add_new(name, source, claim.line, "claims") or self._is_lost(name):
                claims[name] = self._build_row(claim, source)
        return claims, self._drop(source, claims, current)

    def _build_row(self, claim: StatusClaim, source: ImportFile) -> ImportedClaim:
        """Return a claim as it is recorded, without what Obsidian hides."""
        words = remove_comments(claim.text).strip() or claim.text
        where = f"{source.name}:{claim.line}"
        said = (words, claim.done, where, self.ledger.today, claim.detail, claim.units)
        return ImportedClaim(*said, heading=claim.heading)

    def _is_lost(self, name: str) -> bool:
        return self.again and name not in self.known

    def _is_early(self, name: str, source: ImportFile) -> bool:
        """Return True if this file brought it when claims had no headings in their names."""
        row = self.ledger.rows.get(name)
        return row is not None and row.source.rpartition(":")[0] == source.name

    def _drop(
        self, source: ImportFile, fresh: Mapping[str, ImportedClaim], current: set[str]
    ) -> Claims:
        """Drop this file's claims that it has no more and that say what a new one says."""
        dropped: Claims = {}
        said = {(claim.text.casefold(), claim.heading) for claim in fresh.values()}
        for name, claim in self.known.items():
            is_ours = claim.source.rpartition(":")[0] == source.name and name in self.ledger.rows
            if is_ours and name not in current and (claim.text.casefold(), claim.heading) in said:
                dropped[name] = claim
                self.ledger.drop(name)
        return dropped
