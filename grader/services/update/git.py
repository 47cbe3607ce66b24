"""Git, driven by its command line: the only module that starts it.

Every call has a cleaned environment and settings of its own, so that a learner's hooks, pager,
editor or merge settings have no effect. A command that takes locks of git's is run by ``change``,
which notes it first: if both are killed, the next update removes the locks that were left.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil

from grader.base.errors import UsageError
from grader.base.files import write_file

OLDEST = (2, 25)
"""The oldest version of git that is supported."""
PATIENCE = 60.0
"""Seconds to wait for a git process that an interrupted update has left behind."""
LOCK_PATIENCE = 5.0
"""Seconds to wait for another git command that holds the index."""
_KEPT = re.compile(
    r"GIT_(SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|PROXY_COMMAND|EXEC_PATH|SSL_\w+|CONFIG_\w+"
    r"|ALLOW_PROTOCOL|CEILING_DIRECTORIES|(AUTHOR|COMMITTER)_(NAME|EMAIL))"
)
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "core.autocrlf": "false",
    "core.safecrlf": "false",
    "core.pager": "cat",
    "core.editor": ":",
    "color.ui": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.prune": "false",
    "merge.conflictStyle": "merge",
    "http.lowSpeedLimit": "100",
    "http.lowSpeedTime": "60",
}


class GitError(UsageError):
    """A git command failed; ``words`` are git's own."""

    def __init__(self, command: str, words: str) -> None:
        self.words = words
        super().__init__(f"git {command} failed: {words}")


@dataclass(frozen=True)
class Git:
    """Git in one clone."""

    root: Path
    note: Path
    """Where a command that takes locks is noted while it runs."""

    def run(
        self, *words: str, data: bytes | None = None, index: Path | None = None, ok: int = 0
    ) -> bytes:
        """Return what a command prints; ``GitError`` if its exit code is above ``ok``."""
        process = self._start(words, index)
        return self._wait(process, words, data, ok)

    def attempt(self, *words: str) -> bytes | None:
        """Return what a command prints; None if it fails."""
        process = self._start(words, None)
        output, _ = process.communicate()
        return None if process.returncode else output

    def ask(self, *words: str) -> str:
        """Return one line that a command prints; empty if it fails."""
        return (self.attempt(*words) or b"").decode("utf-8", "surrogateescape").strip()

    def change(self, *words: str, data: bytes | None = None) -> None:
        """Run a command that takes locks of git's, and note it while it runs."""
        noted: dict[str, object] = {"locks": [str(lock) for lock in self._list_locks()]}
        write_file(self.note, json.dumps(noted), sync=False)
        process = self._start(words, None)
        write_file(self.note, json.dumps({**noted, "process": process.pid}), sync=False)
        self._wait(process, words, data, 0)
        self.note.unlink(missing_ok=True)

    def remove_left_locks(self) -> None:
        """Remove the locks that a command left which was killed together with its update."""
        try:
            noted = json.loads(self.note.read_text("utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError):
            noted = {}
        self._await_process(noted.get("process"))
        for lock in self._list_locks():
            if str(lock) not in noted.get("locks", []):
                lock.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    @cached_property
    def folder(self) -> Path:
        """The folder of this clone's HEAD and index."""
        return self._locate("--git-dir")

    @cached_property
    def common_folder(self) -> Path:
        """The folder of references and objects, which linked working trees share."""
        return self._locate("--git-common-dir")

    def _locate(self, option: str) -> Path:
        printed = self.run("rev-parse", option).decode("utf-8", "surrogateescape").rstrip("\n")
        return (self.root / printed).resolve()

    def _list_locks(self) -> list[Path]:
        folders = {self.folder, self.common_folder}
        found = [lock for folder in folders for lock in folder.glob("*.lock")]
        found += (self.common_folder / "refs").rglob("*.lock")
        return [lock for lock in found if lock.name != "index.lock"]

    def _await_process(self, number: object) -> None:
        """Wait until the noted process has ended, if it is git and still runs."""
        end = time.monotonic() + PATIENCE
        while isinstance(number, int) and _is_git(number):
            if time.monotonic() > end:
                raise UsageError(
                    f"A git command of an interrupted update still runs (process {number}). "
                    "Wait until it has ended, or end it, then run: grade update"
                )
            time.sleep(0.05)

    def _start(self, words: tuple[str, ...], index: Path | None) -> subprocess.Popen[bytes]:
        settings = [word for pair in _SETTINGS.items() for word in ("-c", "=".join(pair))]
        try:
            return subprocess.Popen(
                ["git", "--literal-pathspecs", *settings, *words],
                cwd=self.root,
                env=_clean_environment(index),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except FileNotFoundError:
            raise UsageError(
                "git was not found. Install it (https://git-scm.com/downloads), then try again."
            ) from None

    @staticmethod
    def _wait(
        process: subprocess.Popen[bytes], words: tuple[str, ...], data: bytes | None, ok: int
    ) -> bytes:
        output, complaints = process.communicate(data)
        if not 0 <= process.returncode <= ok:
            lines = complaints.decode("utf-8", "replace").strip().splitlines()
            told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines[-1:]
            raise GitError(words[0], " ".join(told) or f"exit code {process.returncode}")
        return output


def read_version(git: Git) -> tuple[int, int]:
    """Return the version of git; ``UsageError`` if it is older than ``OLDEST``."""
    printed = git.ask("version")
    numbers = re.search(r"(\d+)\.(\d+)", printed)
    version = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    if version < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise UsageError(f"{printed or 'git'} is too old: {needed} or newer is needed.")
    return version


def install_index(git: Git, fresh: Path) -> None:
    """Put a prepared index in place of the clone's, as git does: under ``index.lock``.

    The lock is a link to the prepared index, so after a kill ``remove_own_lock`` can tell it from
    a lock that another git process holds.
    """
    lock = git.folder / "index.lock"
    end = time.monotonic() + LOCK_PATIENCE
    while not _link(fresh, lock):
        _pause(lock, end)
    lock.replace(git.folder / "index")
    fresh.unlink()


def await_index(git: Git) -> None:
    """Wait until no git command holds the index; ``UsageError`` if one goes on holding it."""
    lock = git.folder / "index.lock"
    end = time.monotonic() + LOCK_PATIENCE
    while lock.exists():
        _pause(lock, end)


def _pause(lock: Path, end: float) -> None:
    if time.monotonic() > end:
        raise UsageError(
            f"Another git command is running in this clone: it holds {lock}. When it has "
            "ended, run grade update again; if no git command runs, delete that file first."
        )
    time.sleep(0.05)


def remove_own_lock(git: Git, fresh: Path) -> None:
    """Remove the lock that ``install_index`` left when it was killed, and no other."""
    lock = git.folder / "index.lock"
    try:
        if lock.read_bytes() == fresh.read_bytes():
            lock.unlink()
    except FileNotFoundError:
        pass


def _link(fresh: Path, lock: Path) -> bool:
    try:
        os.link(fresh, lock)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        try:
            with lock.open("xb") as file:
                file.write(fresh.read_bytes())
        except FileExistsError:
            return False
    return True


def copy_index(git: Git, copy: Path) -> None:
    """Copy the clone's index; a clone without one gives no file."""
    copy.with_name(f"{copy.name}.lock").unlink(missing_ok=True)
    copy.unlink(missing_ok=True)
    index = git.folder / "index"
    if index.exists():
        shutil.copyfile(index, copy)


def _is_git(number: int) -> bool:
    try:
        process = psutil.Process(number)
        return "git" in process.name() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _clean_environment(index: Path | None) -> Mapping[str, str]:
    """Return the environment without what would point git elsewhere or let it ask."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or _KEPT.fullmatch(name)
    }
    own = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    return {**kept, **own, **({"GIT_INDEX_FILE": str(index)} if index else {})}
