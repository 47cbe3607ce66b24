"""The folder of rendered pages: changed files are written, those no longer due removed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_KEPT = ".gitkeep"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds nothing but generated files, and ``.gitkeep``."""

    root: Path

    def settle(self, files: Mapping[str, str | bytes | Path]) -> tuple[list[Path], list[Path]]:
        """Make the folder hold these files; what was written, and what was removed."""
        if self.root.is_symlink():
            self.root.unlink()
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in sorted({(self.root / name).parent for name in files}):
            self._clear(folder)
        written = [path for name, data in files.items() if (path := self._write(name, data))]
        return written, self._sweep({self.root / name for name in files})

    def _write(self, name: str, data: str | bytes | Path) -> Path | None:
        """Write one file in one step, unless it holds this already."""
        path = self.root / name
        new = _bytes(data)
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            _empty(path)
        if path.is_file() and path.read_bytes() == new:
            return None
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(new)
        fresh.replace(path)
        return path

    def _clear(self, folder: Path) -> None:
        """Have the folder there: no link leads out of ours, no file has its name."""
        for part in (*reversed(folder.relative_to(self.root).parents), folder):
            way = self.root / part
            if way.is_symlink() or (way.exists() and not way.is_dir()):
                way.unlink()
        folder.mkdir(parents=True, exist_ok=True)

    def _sweep(self, due: set[Path]) -> list[Path]:
        """Remove all that is not due; links are removed and never followed."""
        removed = []
        for folder, folders, names in os.walk(self.root, topdown=False):
            here = Path(folder)
            links = [name for name in folders if (here / name).is_symlink()]
            for path in (here / name for name in (*names, *links)):
                if path not in due and path != self.root / _KEPT:
                    path.unlink()
                    removed.append(path)
            if here != self.root and not any(here.iterdir()):
                here.rmdir()
        return removed


def _bytes(data: str | bytes | Path) -> bytes:
    if isinstance(data, Path):
        return data.read_bytes()
    return data.encode("utf-8") if isinstance(data, str) else data


def _empty(folder: Path) -> None:
    for path, folders, names in os.walk(folder, topdown=False):
        for name in names:
            Path(path, name).unlink()
        for name in folders:
            inner = Path(path, name)
            inner.unlink() if inner.is_symlink() else inner.rmdir()
    folder.rmdir()
