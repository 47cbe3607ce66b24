"""Executed copies of notebooks, stored by the hash of the source; losing them costs only time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from grader.base.files import read_file, write_file


@dataclass(frozen=True, slots=True)
class ExecutedCopy:
    """A copy of a notebook with the outputs of a run, and the day of the run."""

    source: bytes
    day: str


def find_executed(cache: Path, source: bytes) -> ExecutedCopy | None:
    """Return the executed copy of exactly this source; None when there is none or it is damaged."""
    try:
        copy = read_file(_make_path(cache, source))
        day = json.loads(copy)["metadata"]["groundwork"]["run"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return ExecutedCopy(copy, day) if isinstance(day, str) else None


def save_executed(cache: Path, source: bytes, copy: dict[str, Any], day: str) -> Path:
    """Store the copy that a run of the source on that day has produced."""
    held = copy["metadata"].get("groundwork")
    copy["metadata"]["groundwork"] = {**(held if isinstance(held, dict) else {}), "run": day}
    path = _make_path(cache, source)
    write_file(path, json.dumps(copy), sync=False)
    return path


def _make_path(cache: Path, source: bytes) -> Path:
    return cache / "executed" / f"{sha256(source).hexdigest()}.ipynb"
