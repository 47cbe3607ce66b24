"""A journal's folder: the files in it, and where a link from one of them leads."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from grader.learner.importer.files.names import make_title, show_name
from grader.learner.importer.links.addresses import split_address

_SKIPPED = {"node_modules", "__pycache__", "site-packages", "venv", "env"}
_SKIPPED_PATHS = {"logseq/bak", "logseq/.recycle", "logseq/version-files"}
"""Old copies that Logseq keeps of its pages."""
_ROOTS = (".git", ".obsidian", "logseq/config.edn")
"""What stands in the folder at the top of a journal."""
_MOST = 200_000
"""Files that are listed at all."""


@dataclass(frozen=True)
class JournalFolder:
    """The folder at the top of a journal, and what is in it."""

    root: Path
    is_given: bool
    """True if the learner named the folder, and not one file in it."""
    name: str = ""
    _real: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "_real", os.path.realpath(self.root))

    @cached_property
    def files(self) -> dict[str, Path]:
        """Its files by their paths below it, as people read them."""
        found: dict[str, Path] = {}
        for path in sorted(_walk_files(self.root)):
            found[show_name(path.relative_to(self.root).as_posix())] = path
        return found

    def contains(self, path: Path) -> bool:
        """Return True if a file lies in the folder, links followed."""
        return Path(os.path.realpath(path)).is_relative_to(self._real)

    def find_file(self, source: Path, address: str) -> Path | None:
        """Return the file that an address in ``source`` leads to; None where there is none.

        It is looked for from the file's folder and from the root, and then, as Obsidian and
        Logseq do, by its name alone wherever it lies.
        """
        path, _ = split_address(address)
        if not path:
            return source
        near = () if path.startswith("/") else (source.parent / path,)
        for candidate in (*near, self.root / path.lstrip("/")):
            if found := _complete(candidate):
                return found
        return self._find_named(path)

    def _find_named(self, path: str) -> Path | None:
        wanted = _fold(path).removeprefix("./").lstrip("/")
        while wanted.startswith("../"):
            wanted = wanted[3:]
        return self._named.get(wanted)

    @cached_property
    def _named(self) -> dict[str, Path]:
        """Return the files by every name that a link may use; of equals the first one."""
        named: dict[str, Path] = {}
        for whole in (True, False):
            for name, path in self.files.items():
                for spelled in _list_names(name, whole=whole):
                    named.setdefault(_fold(spelled), path)
        return named


def find_home(path: Path) -> JournalFolder:
    """Return the folder of a journal that is one file: the repository, or else the file's own."""
    folder = Path(os.path.realpath(path)).parent
    above = (folder, *folder.parents)
    top = next((up for up in above if any((up / name).exists() for name in _ROOTS)), folder)
    return JournalFolder(top, is_given=False)


def _walk_files(folder: Path) -> Iterator[Path]:
    listed = 0
    for here, folders, names in os.walk(folder):
        below = Path(here).relative_to(folder).as_posix()
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _SKIPPED
            and f"{below}/{name}".removeprefix("./") not in _SKIPPED_PATHS
        )
        for name in sorted(names):
            if not name.startswith(".") and listed < _MOST:
                listed += 1
                yield Path(here, name)


def _complete(path: Path) -> Path | None:
    """Return the file at a path, with the ending or the name that links leave out."""
    try:
        if path.is_file():
            return path
        for name in (f"{path.name}.md", f"{path.name}.markdown"):
            if path.name and (longer := path.with_name(name)).is_file():
                return longer
        for name in ("README.md", "readme.md", "index.md"):
            if (inside := path / name).is_file():
                return inside
    except (OSError, ValueError):
        return None
    return None


def _list_names(name: str, *, whole: bool) -> Iterator[str]:
    """Yield the names of a file: from its path, or from what is left of it without folders."""
    path = PurePosixPath(name)
    parts = path.parts
    for start in range(1) if whole else range(1, len(parts)):
        rest = PurePosixPath(*parts[start:])
        yield rest.as_posix()
        yield rest.with_suffix("").as_posix()
    if not whole:
        yield make_title(name)
        yield path.stem.replace("___", "/").replace("%2F", "/")  # Logseq's namespaces


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
