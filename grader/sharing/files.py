"""Writes what is exported, and replaces no file that it did not make."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from grader.cache import Cache
from grader.errors import UsageError

_KIND = "export"


@dataclass(frozen=True, slots=True)
class Files:
    """The exports of one workspace; what was made is known by its hash."""

    cache: Cache

    def write(self, made: Mapping[Path, bytes], *, force: bool = False) -> None:
        """Write all of them, or none when one of them would replace something else."""
        for path in made:
            self._check(path, force)
        for path, data in made.items():
            self.cache.put({"path": str(path)}, _KIND, sha256(data).hexdigest())
            _put(path, data)

    def _check(self, path: Path, force: bool) -> None:
        if path.is_dir():
            raise UsageError(f"{path} is a folder. Name a file.")
        if not path.parent.is_dir():
            raise UsageError(f"{path.parent} is no folder. Make it, or name another file.")
        if os.path.lexists(path) and not force and not self._ours(path):
            raise UsageError(
                f"{path} is there already, and not as an export left it; nothing was written. "
                "Move it away, or replace it with --force."
            )

    def _ours(self, path: Path) -> bool:
        """Whether the file holds, byte for byte, what was exported before."""
        if path.is_symlink() or not path.is_file():
            return False
        try:
            digest = sha256(path.read_bytes()).hexdigest()
        except OSError:
            return False
        return self.cache.get(_KIND, digest) is not None


def _put(path: Path, data: bytes) -> None:
    """Write one file in one step."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}). Name another file."
        ) from error
