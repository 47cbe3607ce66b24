"""Executed copies of notebooks, kept by the hash of the source; losing them costs only time."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Executed:
    """A copy of a notebook with the outputs of a run."""

    source: bytes
    day: str


def of(cache: Path, source: bytes) -> Executed | None:
    """The executed copy of this very source; None when there is none, or a damaged one."""
    try:
        copy = _file(cache, source).read_bytes()
        day = json.loads(copy)["metadata"]["groundwork"]["run"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Executed(copy, day) if isinstance(day, str) else None


def keep(cache: Path, source: bytes, copy: dict[str, Any], day: str) -> Path:
    """Keep the copy that a run of the source on that day gave."""
    held = copy["metadata"].get("groundwork")
    copy["metadata"]["groundwork"] = {**(held if isinstance(held, dict) else {}), "run": day}
    path = _file(cache, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps(copy), "utf-8")
    fresh.replace(path)
    return path


def _file(cache: Path, source: bytes) -> Path:
    return cache / "executed" / f"{sha256(source).hexdigest()}.ipynb"
