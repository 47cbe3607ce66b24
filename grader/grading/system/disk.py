"""The disk: changes of files by this process are listened to, and the size of a file is limited."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, Protocol

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = {
    "open": 1,
    "os.remove": 1,
    "os.truncate": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
}
"""Python's audit events of a file that changes, and how many paths each begins with."""


class Listener(Protocol):
    """Who hears what becomes of files."""

    def change_file(self, event: str, paths: list[str]) -> None:
        """Hear that Python is about to change files, and by which of its audit events."""
        ...

    def refuse_write(self) -> None:
        """Hear that a write has failed because the file has no more room."""
        ...


class _State:
    """Who listens in this process."""

    def __init__(self) -> None:
        self.listener: Listener | None = None
        self._hooked = False

    def listen(self, listener: Listener) -> None:
        """Give what comes to this listener from now on."""
        self.listener = listener
        if not self._hooked:  # a hook stays as long as the process
            self._hooked = True
            sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self.listener is None or event not in CHANGES:
            return
        if event == "open" and not (isinstance(args[2], int) and args[2] & WRITING):
            return
        paths = [find_path(one) for one in args[: CHANGES[event]]]
        self.listener.change_file(event, [path for path in paths if path])


_STATE = _State()


def watch_disk(room: int | None, listener: Listener) -> bool:
    """Tell a listener of each change of a file, until ``release_disk``.

    With ``room`` a file has room for so many bytes: a write beyond them fails, as on a full disk,
    and the listener hears of it. Returns False if the system cannot limit that.
    """
    _STATE.listen(listener)
    return room is None or _limit_files(room)


def release_disk() -> None:
    """Listen no longer, and let files have any size again."""
    if _STATE.listener is not None:
        _STATE.listener = None
        _limit_files(None)


def find_path(argument: Any) -> str:
    """Return the path of a file, by whatever name of its folder; empty for a descriptor."""
    if not isinstance(argument, str | bytes | os.PathLike):
        return ""
    folder, name = os.path.split(os.path.abspath(os.fsdecode(argument)))  # noqa: PTH100
    # The file itself is not resolved: a link that is replaced is the link.
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118


def _limit_files(room: int | None) -> bool:
    """Limit the size to which this process writes a file; None for no limit."""
    if sys.platform == "win32":
        return False
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard if room is None else room, hard))
        # The signal comes with the write that fails. Python ignores it, unless it has a handler.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN if room is None else _hear_refused)
    except (OSError, ValueError):
        return False
    return True


def _hear_refused(number: int, frame: Any) -> None:
    if _STATE.listener is not None:
        _STATE.listener.refuse_write()
