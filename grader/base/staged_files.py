"""Files that an update of the course has prepared: put them in place, again after a kill.

An update replaces the tool's own files too. Killed in between, it leaves modules of two versions,
which may not load together. So ``grader.__main__`` calls ``put_in_place`` before it loads
anything else, and this module imports nothing but the standard library. Of each version of it, the
next one must read the plan: ``SCHEMA`` says which keys it has.

The new files lie in ``.groundwork/update``, the plan beside them is written last, and a copy of
each file is put in place by a rename. A file that is not what the plan expects was changed by the
learner in the meantime, and is left as it is.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

SCHEMA = 1
FOLDER = Path(".groundwork", "update")
PLAN = "plan.json"
"""Keys: ``schema``; ``changes``, a list of ``path``, ``old`` (the fingerprint that is expected) and
``new`` (the prepared file's name, or null to delete); ``state``, which is the update's own."""


def read_plan(root: Path) -> dict[str, Any] | None:
    """Return the plan of an update that was cut off; None where there is none."""
    try:
        plan = json.loads((root / FOLDER / PLAN).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return plan if isinstance(plan, dict) and plan.get("schema") == SCHEMA else None


def put_in_place(root: Path) -> list[str] | None:
    """Put every prepared file in place; return the paths left alone, or None without a plan.

    What is already in place is passed over, so this can be repeated, also by two processes at once.
    """
    if not os.path.exists(root / FOLDER / PLAN) or (plan := read_plan(root)) is None:  # noqa: PTH110
        return None
    left = [change["path"] for change in plan["changes"] if not _make(root, change)]
    return sorted(left)


def compute_fingerprint(path: Path) -> str | None:
    """Return what identifies the content at a path; None where nothing is there."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return f"link {os.readlink(path)}"  # noqa: PTH115
        if stat.S_ISREG(mode):
            return f"file {hashlib.sha256(path.read_bytes()).hexdigest()}"
    except (FileNotFoundError, NotADirectoryError):
        return None
    return "other"


def has_real_parents(root: Path, path: str) -> bool:
    """Return True if each folder above a path is a folder or absent, and no link or file."""
    parts = Path(path).parts[:-1]
    for number in range(1, len(parts) + 1):
        try:
            if not stat.S_ISDIR(root.joinpath(*parts[:number]).lstat().st_mode):
                return False
        except FileNotFoundError:
            return True
    return True


def _make(root: Path, change: dict[str, Any]) -> bool:
    """Make one change; return False if the learner has changed the file since it was planned."""
    path, name = root / change["path"], change["new"]
    if name is None:
        return _delete(root, path, change["old"])
    fresh = root / FOLDER / name
    new, now = compute_fingerprint(fresh), compute_fingerprint(path)
    if new is None or now == new:  # another process was faster, or it was done before
        return True
    if now != change["old"] or not has_real_parents(root, change["path"]):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = fresh.with_name(f"{name}.{os.getpid()}")
    copy.unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):  # the other process has ended the update
        shutil.copy2(fresh, copy, follow_symlinks=False)
        _rename(copy, path)
    return True


def _delete(root: Path, path: Path, old: str) -> bool:
    now = compute_fingerprint(path)
    if now is None:
        return True
    if now != old:
        return False
    path.unlink(missing_ok=True)
    folder = path.parent
    with contextlib.suppress(OSError):  # not empty
        while folder != root:
            folder.rmdir()
            folder = folder.parent
    return True


def _rename(copy: Path, path: Path) -> None:
    try:
        copy.replace(path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # .groundwork is on another disk: the file is complete before it gets the name.
        near = path.with_name(f".{os.urandom(8).hex()}.new")
        shutil.copy2(copy, near, follow_symlinks=False)
        near.replace(path)
