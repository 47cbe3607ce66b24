"""How editors save a file: each file operation, in the order in which they make them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

Save = Callable[[Path, str], None]


def in_place(path: Path, text: str) -> None:
    """VS Code, nano: truncate and write."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)


def in_two_steps(path: Path, text: str) -> None:
    """An editor that is slow: the file is empty first, on the disk for all to see."""
    os.truncate(path, 0)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text[: len(text) // 2])
        stream.flush()
        stream.write(text[len(text) // 2 :])


def atomically(path: Path, text: str) -> None:
    """Sublime, gedit, VS Code's atomic save: a file beside it, renamed over it."""
    fresh = path.with_name(f".{path.name}.tmp-1234")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def vim(path: Path, text: str) -> None:
    """Vim: swap file, ``4913`` to try the folder, backup by rename, the new file, no backup."""
    swap, backup = path.with_name(f".{path.name}.swp"), path.with_name(f"{path.name}~")
    swap.write_bytes(b"b0VIM 9.0")
    path.with_name("4913").touch()
    path.with_name("4913").unlink()
    path.rename(backup)
    path.write_text(text, "utf-8")
    backup.unlink()
    swap.unlink()


def vim_by_copy(path: Path, text: str) -> None:
    """Vim with backupcopy=yes: the backup is a copy, and the file is written in place."""
    backup = path.with_name(f"{path.name}~")
    backup.write_bytes(path.read_bytes())
    in_place(path, text)
    backup.unlink()


def jetbrains(path: Path, text: str) -> None:
    """PyCharm's safe write: a new file, the old one renamed away, the new one in its place."""
    fresh = path.with_name(f"{path.name}___jb_tmp___")
    old = path.with_name(f"{path.name}___jb_old___")
    fresh.write_text(text, "utf-8")
    path.rename(old)
    fresh.rename(path)
    old.unlink()


def emacs(path: Path, text: str) -> None:
    """Emacs: a lock that is a dangling link, an autosave file, a backup by rename."""
    lock, autosave = path.with_name(f".#{path.name}"), path.with_name(f"#{path.name}#")
    lock.symlink_to("learner@host.1234:1763800000")
    autosave.write_text(text, "utf-8")
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text(text, "utf-8")
    autosave.unlink()
    lock.unlink()


SAVES: list[Save] = [in_place, in_two_steps, atomically, vim, vim_by_copy, jetbrains, emacs]
