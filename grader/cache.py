"""Results kept by the hash of what they were made from; losing them costs only time."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of texts by key."""

    folder: Path

    def get(self, kind: str, *made_from: str) -> dict[str, str] | None:
        """What was kept, or None; a damaged file counts as none."""
        try:
            kept = json.loads(self._file(kind, made_from).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return kept if isinstance(kept, dict) else None

    def put(self, result: dict[str, str], kind: str, *made_from: str) -> None:
        """Keep a result; a folder that cannot be written is no error."""
        file = self._file(kind, made_from)
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=file.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(result, stream)
            Path(name).replace(file)

    def _file(self, kind: str, made_from: tuple[str, ...]) -> Path:
        key = sha256("\0".join(made_from).encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / kind / f"{key[:32]}.json"
