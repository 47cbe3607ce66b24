"""The notebook of an exercise: written once, and from then on the learner's.

A part of it that we wrote, such as the contract, is replaced by a newer one as long as the learner
has not edited it; nothing else in the file is ever changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from grader.base.cache import hash_sources
from grader.base.errors import UsageError
from grader.base.files import create_file, read_file, write_file
from grader.course.model import Exercise
from grader.learner.notes.notebook_file import find_fault
from grader.services.session import Session

MAGIC = "%%grade"
GRADED = "grade"
"""The part that the learner writes in: it is never refreshed."""
WHOLE = ("title", "contract")
"""The parts that are one cell each, whatever the lesson is divided into."""
OURS = "groundwork"
"""What we keep of ours is below this key of a notebook's or a cell's metadata."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the course gives it."""

    part: str
    """What it is, once in a notebook: ``contract``, ``lesson-1``."""
    kind: Literal["markdown", "code"]
    source: str


@dataclass(frozen=True, slots=True)
class OpenedNotebook:
    """The notebook of an exercise, and what was done to have it."""

    path: Path
    fresh: bool
    """Whether it was written now."""
    refreshed: tuple[str, ...] = ()
    """The parts that were replaced by those of today's course."""
    fault: str = ""
    """Why the file there is no notebook; it is left as it is."""


def open_notebook(session: Session, exercise: Exercise, cells: Sequence[Cell]) -> OpenedNotebook:
    """Write the notebook of these cells; one that exists keeps everything of the learner's."""
    path = session.workspace.locate_notebook(exercise.id)
    if create_file(path, _format_notebook(_make_notebook(exercise, cells))):
        return OpenedNotebook(path, fresh=True)
    try:
        source = read_file(path)
    except OSError as error:
        shown = session.workspace.show_path(path)
        raise UsageError(f"{shown} cannot be read: {error.strerror}; move it away") from error
    if fault := find_fault(source):
        return OpenedNotebook(path, fresh=False, fault=fault)
    notebook = json.loads(source.decode("utf-8-sig"))
    refreshed = _refresh(notebook, cells)
    if refreshed:
        write_file(path, _format_notebook(notebook))
    return OpenedNotebook(path, fresh=False, refreshed=refreshed)


def read_exercise(path: Path) -> str:
    """Return the exercise that a notebook was made for; empty where it does not say."""
    metadata = _read_notebook(path).get("metadata")
    ours = metadata.get(OURS) if isinstance(metadata, dict) else None
    found = ours.get("exercise") if isinstance(ours, dict) else None
    return found if isinstance(found, str) else ""


def read_graded_cell(path: Path, exercise: Exercise) -> str | None:
    """Return what the last ``%%grade`` cell of an exercise holds, in the notebook as saved."""
    found = None
    for cell in _read_notebook(path).get("cells", ()):
        first, _, body = _join_source(cell).lstrip("\n").partition("\n")
        words = first.split()
        if words == [MAGIC] or (words[:1] == [MAGIC] and words[1] in (exercise.id, exercise.name)):
            found = body
    return found


def _read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook as saved; empty where it cannot be read."""
    try:
        source = read_file(path)
    except OSError:
        return {}
    return {} if find_fault(source) else dict(json.loads(source.decode("utf-8-sig")))


def _join_source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(map(str, source))


def _make_notebook(exercise: Exercise, cells: Sequence[Cell]) -> dict[str, Any]:
    return {
        "cells": [_make_cell(cell) for cell in cells],
        "metadata": {
            OURS: {"exercise": exercise.id},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _make_cell(cell: Cell) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": cell.part,
        "metadata": {OURS: {"part": cell.part, "hash": hash_sources(cell.source)}},
        "source": cell.source.splitlines(keepends=True),
    }
    return made if cell.kind == "markdown" else {**made, "execution_count": None, "outputs": []}


def _refresh(notebook: dict[str, Any], cells: Sequence[Cell]) -> tuple[str, ...]:
    """Replace the parts that are older than these cells and that nobody has edited."""
    held = [(cell, ours) for cell in notebook.get("cells", ()) if (ours := _get_ours(cell))]
    wanted = {cell.part: cell for cell in cells if cell.part != GRADED}
    if {ours.get("part") for _, ours in held} != {cell.part for cell in cells}:
        # A lesson that is divided otherwise has no cell for each of its parts here.
        wanted = {part: cell for part, cell in wanted.items() if part in WHOLE}
    refreshed = []
    for cell, ours in held:
        fresh = wanted.get(str(ours.get("part")))
        source = _join_source(cell)
        if fresh is None or cell["cell_type"] != fresh.kind or source == fresh.source:
            continue
        if ours.get("hash") == hash_sources(source):
            cell["source"] = fresh.source.splitlines(keepends=True)
            ours["hash"] = hash_sources(fresh.source)
            refreshed.append(fresh.part)
    return tuple(refreshed)


def _get_ours(cell: dict[str, Any]) -> dict[str, Any] | None:
    """Return what we keep of a cell in its metadata; None for a cell of the learner's."""
    metadata = cell.get("metadata")
    ours = metadata.get(OURS) if isinstance(metadata, dict) else None
    return ours if isinstance(ours, dict) else None


def _format_notebook(notebook: dict[str, Any]) -> str:
    """Return the JSON in the form in which Jupyter itself writes it."""
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
