"""The disk cache: results under the hash of what they were computed from; losing them costs time.

A file of the cache is a checksum and JSON. One that is missing, damaged, half-written or of
another form is ignored and written anew, and a folder that cannot be written is no error. On
this stand ``Cache`` (a small file for each result), ``render_cache`` (one file for all that a
rendering uses) and the cached course.
"""

from __future__ import annotations

import contextlib
from binascii import crc32
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.base.errors import WorkspaceError
from grader.base.files import read_file, write_file


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder with a file for each result."""

    folder: Path

    def get(self, kind: str, *sources: str) -> dict[str, str] | None:
        """Return what was put for these sources; None where there is nothing or a damaged file."""
        found = read_entry(self._name_file(kind, sources))
        return found if isinstance(found, dict) else None

    def put(self, result: dict[str, str], kind: str, *sources: str) -> None:
        """Store the result that these sources give."""
        write_entry(self._name_file(kind, sources), result)

    def _name_file(self, kind: str, sources: tuple[str, ...]) -> Path:
        return self.folder / kind / f"{hash_sources(*sources)[:32]}.json"


def hash_sources(*sources: str) -> str:
    """Return the hash that names what was computed from these texts.

    Several are hashed with their sizes, so that the same letters split differently are another
    name; for one alone the sizes say nothing.
    """
    from hashlib import sha256

    sizes = ",".join(str(len(source)) for source in sources)
    parts = sources if len(sources) == 1 else (sizes, *sources)
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def hash_files(*paths: Path) -> str:
    """Return SHA-256 over the files in order; the line ends of Windows count as those of Unix."""
    from hashlib import sha256

    whole = sha256()
    for path in paths:
        try:
            text = path.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            raise WorkspaceError(
                f"{path} cannot be read: {error.strerror}. Restore it and try again."
            ) from error
        whole.update(len(text).to_bytes(8, "big") + text)
    return whole.hexdigest()


def read_entry(file: Path) -> Any:
    """Return the JSON data of a file of the cache; None where it is missing or damaged."""
    import orjson

    try:
        raw = read_file(file)
        if raw[:1] == b"{":  # from before checksums were written
            return orjson.loads(raw)
        checksum, _, body = raw.partition(b"\n")
        return orjson.loads(body) if int(checksum, 16) == crc32(body) else None
    except (OSError, ValueError):
        return None


def write_entry(file: Path, data: Any) -> bool:
    """Write JSON data as a file of the cache; return whether it could be written."""
    import orjson

    with contextlib.suppress(OSError, orjson.JSONEncodeError):
        body = orjson.dumps(data)
        write_file(file, b"%08x\n" % crc32(body) + body, sync=False)
        return True
    return False
