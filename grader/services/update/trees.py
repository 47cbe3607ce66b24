"""Git's trees as data: read, written, and taken from the working tree, without its index."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from grader.base.staged_files import has_real_parents
from grader.services.update.git import Git

FILES = frozenset({"100644", "100755"})
LINK, REPOSITORY = "120000", "160000"
_NONE = "0" * 40


class Entry(NamedTuple):
    """What a tree has at a path: git's mode, and the object's name."""

    mode: str
    object: str


Tree = Mapping[str, Entry]
Changes = Mapping[str, Entry | None]
"""New entries by path; None where the path is removed."""


@dataclass(frozen=True, slots=True)
class TreeStore:
    """Reads and writes trees, with an index of its own."""

    git: Git
    index: Path

    def read(self, name: str) -> dict[str, Entry]:
        """Return every file of a commit's or tree's."""
        printed = self.git.run("ls-tree", "-r", "-z", "--full-tree", name)
        found = {}
        for line in _split(printed):
            head, _, path = line.partition("\t")
            mode, _, object_name = head.split(" ")
            found[path] = Entry(mode, object_name)
        return found

    def write(self, start: str, changes: Changes) -> str:
        """Write a commit's or tree's files with changes, and return the new tree's name."""
        self._begin(start)
        self.enter(self.index, changes)
        return self.git.run("write-tree", index=self.index).decode().strip()

    def take_snapshot(self, start: str, folders: Iterable[str]) -> tuple[str, list[str]]:
        """Write the working tree: tracked files as they are, and untracked ones in ``folders``.

        Returns the tree's name and the paths of repositories within the folders, which are left
        out: git would store their commit only, and none of their files. What git ignores is left
        out as well.
        """
        self._begin(start)
        self.git.run("update-index", "-q", "--refresh", index=self.index, ok=1)
        paths = _split(self.git.run("diff-files", "-z", "--name-only", index=self.index))
        there = [folder for folder in folders if os.path.lexists(self.git.root / folder)]
        listing = ("ls-files", "-z", "--others", "--exclude-standard", "--", *there)
        others = _split(self.git.run(*listing, index=self.index)) if there else []
        nested = [path for path in others if path.endswith("/")]
        # Git refuses to look at what lies below a link, such as a folder of notes that is one.
        gone = [path for path in paths if not has_real_parents(self.git.root, path)]
        self.enter(self.index, dict.fromkeys(gone))
        paths = [path for path in paths if path not in set(gone)]
        paths += [path for path in others if not path.endswith("/")]
        data = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        adding = ("update-index", "--add", "--remove", "--replace", "-z", "--stdin")
        self.git.run(*adding, data=data, index=self.index)
        return self.git.run("write-tree", index=self.index).decode().strip(), nested

    def enter(self, index: Path, changes: Changes) -> None:
        """Enter changes into an index; removals come first, so that a folder can follow a file."""
        ordered = sorted(changes.items(), key=lambda item: item[1] is not None)
        lines = [
            f"0 {_NONE}\t{path}" if entry is None else f"{entry.mode} {entry.object}\t{path}"
            for path, entry in ordered
        ]
        data = "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")
        self.git.run("update-index", "--replace", "-z", "--index-info", data=data, index=index)

    def read_objects(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of objects by name."""
        wanted = sorted(set(names))
        asked = "".join(f"{name}\n" for name in wanted).encode()
        printed = self.git.run("cat-file", "--batch", data=asked)
        found, start = {}, 0
        for name in wanted:
            end = printed.index(b"\n", start)
            size = int(printed[start:end].split(b" ")[2])
            found[name] = printed[end + 1 : end + 1 + size]
            start = end + 2 + size
        return found

    def store(self, content: bytes) -> str:
        """Store a file's content and return the object's name."""
        return self.git.run("hash-object", "-w", "--stdin", data=content).decode().strip()

    def hash_files(self, paths: Iterable[str]) -> dict[str, str]:
        """Return the object's name that each plain file of the working tree would have."""
        wanted = [path for path in paths if "\n" not in path]
        data = "".join(f"{path}\n" for path in wanted).encode("utf-8", "surrogateescape")
        printed = self.git.run("hash-object", "--stdin-paths", data=data).decode()
        return dict(zip(wanted, printed.split(), strict=True))

    def _begin(self, start: str) -> None:
        self.index.with_name(f"{self.index.name}.lock").unlink(missing_ok=True)
        self.index.unlink(missing_ok=True)
        self.git.run("read-tree", start, index=self.index)


def compare_trees(before: Tree, after: Tree) -> dict[str, Entry | None]:
    """Return the changes that make one tree of the other."""
    paths = before.keys() | after.keys()
    return {path: after.get(path) for path in sorted(paths) if before.get(path) != after.get(path)}


def _split(printed: bytes) -> list[str]:
    return [part for part in printed.decode("utf-8", "surrogateescape").split("\0") if part]
