"""What the notes of journals are called: each its own name, and the same one at every import."""

from __future__ import annotations

from pathlib import Path

from grader.base.paths import Workspace
from grader.learner.importer.files.names import list_slugs, make_old_slug
from grader.learner.records import tables


class NoteNames:
    """Gives each journal's note a name below ``docs/notes/imported``.

    What imports wrote before is in their ledger: a journal whose note exists keeps that name, and
    no other journal gets it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.owners: dict[str, set[str]] = {}
        """The files that went to each note, by the note's name."""
        self.given: set[str] = set()
        below = f"{workspace.show_path(workspace.imported)}/"
        for item in tables.open_imports(workspace.progress).read_all().values():
            if item.place.startswith(below):
                slug = item.place.removeprefix(below).rpartition(".")[0]
                self.owners.setdefault(slug, set()).add(item.source.rpartition(":")[0])

    def choose(self, name: str, root: Path) -> str:
        """Return the name of the note of the file ``name`` below the folder ``root``."""
        slugs = list_slugs(name, root.name)
        old = [
            s for s in (make_old_slug(name, root.name), *slugs) if name in self.owners.get(s, ())
        ]
        chosen = next((slug for slug in (*old, *slugs) if self._is_free(slug, name)), "")
        number = 2
        while not chosen:
            slug = f"{slugs[-1]}-{number}"
            chosen, number = slug if self._is_free(slug, name) else "", number + 1
        self.given.add(chosen)
        return chosen

    def _is_free(self, slug: str, name: str) -> bool:
        owners = self.owners.get(slug)
        return slug not in self.given and (owners is None or name in owners)
