"""Notebooks of a journal's folder: copied as they are, for a notebook is a note already."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from grader.base.paths import Workspace
from grader.learner.importer.contents import compute_key
from grader.services.importing.files import ImportFile


@dataclass(frozen=True, slots=True)
class ImportNotebook:
    """A notebook, and where its copy goes."""

    source: Path
    copy: Path
    key: str
    """Its name in the ledger, made of its bytes."""
    refused: str = ""
    """Why it is not copied, though it is new."""


def find_notebook(
    workspace: Workspace, source: ImportFile, known: Container[str]
) -> ImportNotebook | None:
    """Return the notebook that a file is; None for any other file.

    A copy that an import made is replaced by a newer one; one that was run or edited since is
    left as it is.
    """
    if source.kind != "notebook":
        return None
    copy = workspace.imported / f"{source.slug}.ipynb"
    data = source.path.read_bytes()
    key = _compute_key(source, data)
    held = copy.read_bytes() if copy.is_file() else data
    is_ours = held == data or _compute_key(source, held) in known
    why = "" if is_ours else f"{workspace.show_path(copy)} was changed, so it is not replaced"
    return ImportNotebook(source.path, copy, key, why)


def _compute_key(source: ImportFile, data: bytes) -> str:
    return compute_key(f"notebooks/{source.slug}", sha256(data).hexdigest())
