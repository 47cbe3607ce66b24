"""Writes exported files, and replaces no file that it did not write."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from grader.base.cache import Cache
from grader.base.errors import UsageError
from grader.base.files import write_file

_KIND = "export"


@dataclass(frozen=True, slots=True)
class ExportFiles:
    """The exports of one workspace; the cache knows by its hash what was exported before."""

    cache: Cache

    def write(self, files: Mapping[Path, bytes], *, force: bool = False) -> None:
        """Write all files, or none when one of them would replace something else."""
        for path in files:
            self._refuse_other_files(path, force)
        for path, data in files.items():
            self.cache.put({"path": ascii(str(path))}, _KIND, sha256(data).hexdigest())
            _write_file(path, data)

    def _refuse_other_files(self, path: Path, force: bool) -> None:
        if path.is_dir():
            raise UsageError(f"{path} is a folder. Name a file.")
        if not path.parent.is_dir():
            raise UsageError(f"{path.parent} is not a folder. Create it, or name another file.")
        if os.path.lexists(path) and not force and not self._was_exported(path):
            raise UsageError(
                f"{path} already exists and was not written by an export; nothing was written. "
                "Move it away, or replace it with --force."
            )

    def _was_exported(self, path: Path) -> bool:
        """Return whether the file holds, byte for byte, what was exported before."""
        if path.is_symlink() or not path.is_file():
            return False
        try:
            digest = sha256(path.read_bytes()).hexdigest()
        except OSError:
            return False
        return self.cache.get(_KIND, digest) is not None


def _write_file(path: Path, data: bytes) -> None:
    """Write one file; ``UsageError`` says why it cannot be written."""
    try:
        write_file(path, data)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}). Name another file."
        ) from error
