"""Results kept by the hash of what they were made from; losing them costs only time."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident


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
            fresh = file.with_name(f"{file.stem}-{os.getpid()}-{get_ident()}")
            fresh.write_text(json.dumps(result), "utf-8")
            fresh.replace(file)

    def _file(self, kind: str, made_from: tuple[str, ...]) -> Path:
        from hashlib import sha256

        key = sha256("\0".join(made_from).encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / kind / f"{key[:32]}.json"
