"""The folders in which the warm grader's socket may lie, and that each is its owner's alone."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from grader.base.cache import hash_sources
from grader.base.paths import GRADER

LONGEST = 100
"""A Unix socket's path may have so many bytes on every system (macOS allows 103, Linux 107)."""
NAME_BYTES = len("/01234567-0123456789abcdef.sock")
"""What the name of a socket adds to the path of its folder."""


def list_folders() -> Iterator[Path]:
    """Yield where the socket may lie, the best place first: short enough to be bound."""
    chosen = os.environ.get("GROUNDWORK_ENGINE")
    if chosen:
        places = [Path(chosen)]
    else:
        runtime = os.environ.get("XDG_RUNTIME_DIR") or os.environ.get("TMPDIR") or "/tmp"
        # One folder for all installations of a user, with one in it for each.
        places = [Path(runtime) / _name_shared_folder() / hash_sources(str(GRADER))[:8]]
        if (GRADER.parent / "pyproject.toml").is_file():
            places.insert(0, GRADER.parent / ".groundwork" / "engine")
    for place in places:
        if len(os.fsencode(place)) + NAME_BYTES <= LONGEST:
            yield place


def make_private(folder: Path) -> bool:
    """Make the folder if need be, for its owner alone; return whether that is so.

    A socket below /tmp could lie in a folder that somebody else has made in our name. Whoever
    answers there would get the learner's code and could send any verdict.
    """
    with contextlib.suppress(OSError):
        for level in _list_levels(folder):
            level.mkdir(mode=0o700, parents=True, exist_ok=True)
        return is_private(folder)
    return False


def is_private(folder: Path) -> bool:
    """Return whether the folder is there and the owner's; from now on it is theirs alone."""
    return all(map(_is_owned, _list_levels(folder)))


def _list_levels(folder: Path) -> list[Path]:
    """Return the folders that have to be the owner's: who owns one can replace what is in it."""
    shared = folder.parent.name == _name_shared_folder()
    return [folder.parent, folder] if shared else [folder]


def _name_shared_folder() -> str:
    return f"groundwork-{os.geteuid()}"


def _is_owned(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        found = folder.lstat()  # a link could lead to a folder of theirs
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
            if found.st_mode & 0o077:
                folder.chmod(0o700)
            return True
    return False
