"""The folder of rendered pages: changed files are written, files of gone pages are removed."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname

from grader.base.files import write_file

_GITKEEP = ".gitkeep"


@dataclass(frozen=True, slots=True)
class OutputFolder:
    """A folder that holds nothing but generated files, and ``.gitkeep``."""

    root: Path

    def replace_files(
        self, files: Mapping[str, str | bytes | Path]
    ) -> tuple[list[Path], list[Path]]:
        """Make the folder hold exactly these files; return which were written and removed."""
        if self.root.is_symlink():
            self.root.unlink()
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in sorted({dirname(name) for name in files}):
            self._make_folder(self.root / folder)
        written = [
            path for name, data in files.items() if (path := self._write_changed(name, data))
        ]
        return written, self._remove_others({self.root / name for name in files})

    def _write_changed(self, name: str, data: str | bytes | Path) -> Path | None:
        """Write one file unless it holds this already; return its path if it was written."""
        path = self.root / name
        new = _to_bytes(data)
        if _clear_place(path) and path.read_bytes() == new:
            return None
        write_file(path, new, sync=False)
        return path

    def _make_folder(self, folder: Path) -> None:
        """Make the folder; a link or a file of that name, or of one above it, is removed first.

        A link could lead out of the folder, and pages would be written there.
        """
        for part in (*reversed(folder.relative_to(self.root).parents), folder):
            path = self.root / part
            if path.is_symlink() or (path.exists() and not path.is_dir()):
                path.unlink()
        folder.mkdir(parents=True, exist_ok=True)

    def _remove_others(self, files: set[Path]) -> list[Path]:
        """Remove everything but these files; links are removed and never followed."""
        removed = []
        kept = {*map(str, files), str(self.root / _GITKEEP)}
        for folder, folders, names in os.walk(self.root, topdown=False):
            here = Path(folder)
            links = [name for name in folders if (here / name).is_symlink()]
            for name in (*names, *links):
                if f"{folder}{os.sep}{name}" not in kept:
                    (here / name).unlink()
                    removed.append(here / name)
            if here != self.root and not any(here.iterdir()):
                here.rmdir()
        return removed


def _clear_place(path: Path) -> bool:
    """Remove what lies here and is no file; return whether a file does."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISLNK(mode):
        path.unlink()
    elif stat.S_ISDIR(mode):
        _remove_tree(path)
    return stat.S_ISREG(mode)


def _to_bytes(data: str | bytes | Path) -> bytes:
    if isinstance(data, Path):
        return data.read_bytes()
    return data.encode("utf-8") if isinstance(data, str) else data


def _remove_tree(folder: Path) -> None:
    for path, folders, names in os.walk(folder, topdown=False):
        for name in names:
            Path(path, name).unlink()
        for name in folders:
            inner = Path(path, name)
            inner.unlink() if inner.is_symlink() else inner.rmdir()
    folder.rmdir()
