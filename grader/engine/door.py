"""The door of the warm grader: where it listens, which one is meant, and how one is started.

The socket's name says which Python, libraries and grader its host has loaded, so a host that is
older than any of these is never asked. This module imports neither torch nor pytest.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import stat
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgpack

from grader.engine.frames import Closed, Malformed, receive_data, send_data
from grader.errors import GraderFault
from grader.workspace import GRADER

HOST = "grader.engine.host"
"""The module that is started as the host."""
LONGEST = 100
"""A Unix socket's path may have so many bytes on every system."""
ANSWER_SECONDS = 30.0
"""How long a host that is only starting may take to say what it is."""
LOADED = ("torch/version.py", "numpy/version.py", "_pytest/_version.py", "psutil/__init__.py")
"""Files that change with the libraries that a host has loaded."""
LARGE_PAGES = (
    {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    if sys.platform == "linux"
    else {}
)
"""Settings with which a host's memory lies in large pages, where glibc and the system have them.

A fork copies one entry for each page: with large ones it takes a quarter of the time.
"""


class NoDoor(GraderFault):
    """No warm grader can listen here; runs start cold."""


def connect() -> tuple[socket.socket, bool]:
    """A connection to the warm grader, and whether it had to be started.

    ``NoDoor`` where sockets cannot be made.
    """
    found = [folder for folder in folders() if _private(folder)]
    for folder in found:
        with contextlib.suppress(OSError):
            return _knock(folder / f"{identity()}.sock"), False
    for folder in found:
        with contextlib.suppress(OSError):
            return _started(folder), True
    raise NoDoor("No folder here can hold the socket of a warm grader")


def hosts() -> list[dict[str, Any]]:
    """What each warm grader of this installation says of itself."""
    found = []
    for path in _sockets():
        with contextlib.suppress(OSError, Closed, Malformed), _knock(path) as channel:
            channel.settimeout(ANSWER_SECONDS)
            send_data(channel, {"ask": "status"})
            found.append(receive_data(channel))
    return found


def stop(spare: Path | None = None) -> int:
    """Ask every warm grader of this installation but one to stop; how many there were."""
    count = 0
    for path in _sockets():
        if path != spare:
            with contextlib.suppress(OSError, Closed), _knock(path) as channel:
                send_data(channel, {"ask": "stop"})
                count += 1
    return count


def last_words() -> str:
    """The last line that a host which ended by itself has left in its log, after a colon."""
    for folder in folders():
        with contextlib.suppress(OSError):
            said = (folder / "log").read_text("utf-8", "replace").strip()
            return f": {said.splitlines()[-1][-300:]}" if said else ""
    return ""


@cache
def identity() -> str:
    """Which Python, libraries and grader, as they are on the disk now, in a file's name."""
    python = f"{sys.executable}\0{sys.version}"
    packages = Path(msgpack.__file__).parents[1]  # not sys.path, which PYTHONPATH may bend
    places = [str(packages / name) for name in LOADED]
    places += [str(GRADER / name) for name in ("errors.py", "harmless.py", "workspace.py")]
    places += _code(GRADER / "engine")
    return f"{_hashed(python, 8)}-{_hashed(os.linesep.join(map(_version, places)), 16)}"


def folders() -> Iterator[Path]:
    """Where the socket may lie, the best place first: short enough to be bound."""
    chosen = os.environ.get("GROUNDWORK_ENGINE")
    if chosen:
        places = [Path(chosen)]
    else:
        runtime = os.environ.get("XDG_RUNTIME_DIR") or os.environ.get("TMPDIR") or "/tmp"
        name = f"groundwork-{os.geteuid()}-{_hashed(str(GRADER), 8)}"
        places = [Path(runtime) / name]
        if (GRADER.parent / "pyproject.toml").is_file():
            places.insert(0, GRADER.parent / ".groundwork" / "engine")
    for place in places:
        if len(os.fsencode(place)) + len(identity()) + 6 <= LONGEST:
            yield place


def possible() -> bool:
    """Whether this system has what a warm grader needs."""
    return hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and hasattr(socket, "send_fds")


def _knock(path: Path) -> socket.socket:
    channel = socket.socket(socket.AF_UNIX)
    try:
        channel.connect(str(path))
    except BaseException:
        channel.close()
        raise
    return channel


def _started(folder: Path) -> socket.socket:
    """A host that listens in ``folder``; the lock is held only until one is on its way."""
    import fcntl

    path = folder / f"{identity()}.sock"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with contextlib.suppress(OSError):
            return _knock(path)
        _forget_dead(folder)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            path.chmod(0o600)
            listener.listen(128)
            _spawn(listener, path)
        return _knock(path)


def _forget_dead(folder: Path) -> None:
    """Remove the sockets that nobody listens to; only whoever holds the lock may."""
    for path in folder.glob("*.sock"):
        try:
            _knock(path).close()
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
        except OSError:
            continue


def _spawn(listener: socket.socket, path: Path) -> None:
    """Start a host that inherits the listening socket and lives on by itself."""
    import subprocess

    from grader.engine.fresh import command, environment

    with (path.parent / "log").open("wb") as log:
        process = subprocess.Popen(
            command(HOST, str(listener.fileno()), str(path)),
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            env={**LARGE_PAGES, **environment()},
        )
    if process.wait():  # else it has forked the host
        raise NoDoor(f"The warm grader did not start{last_words()}")


def _sockets() -> list[Path]:
    """The sockets of every host of this Python, whatever it has loaded."""
    mine = identity().partition("-")[0]
    return [p for folder in folders() if _private(folder) for p in folder.glob(f"{mine}-*.sock")]


def _private(folder: Path) -> bool:
    """Whether the folder is there, or can be made, for its owner alone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return False
        if found.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError:
        return False
    return True


def _code(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.path for entry in entries if entry.name.endswith((".py", ".ini")))


def _version(path: str) -> str:
    try:
        found = os.stat(path)  # noqa: PTH116 - as quick as it can be
    except OSError:
        return ""
    return f"{path} {found.st_mtime_ns} {found.st_size}"


def _hashed(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:digits]
