"""Where the warm grader listens, which one is meant, and how one is started.

The socket's name says which Python, libraries and grader its host has loaded, so a host that is
older than any of these is never asked. This module imports neither torch nor pytest.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import sys
from functools import cache
from pathlib import Path
from typing import Any

import msgpack

from grader.base.errors import GraderFault
from grader.base.lock import hold_lock
from grader.base.paths import GRADER
from grader.grading.host.folders import is_private, list_folders, make_private
from grader.grading.host.peer import Peer, is_known, locate_record
from grader.grading.protocol.frames import ConnectionClosed, MalformedData, receive_data, send_data

HOST = "grader.grading.host.server"
"""The module that is started as the host."""
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

A fork copies the table of pages, one entry for each: with pages of 2 MiB in place of 4 KiB that
takes a quarter of the time. glibc asks for large pages where it manages the memory itself, so
Python's own allocator, which takes its memory from the system, is switched off.
"""
PARTS = (
    *("__init__.py", "checks.py"),
    *(
        f"course/{name}.py"
        for name in ("__init__", "source/__init__", "source/marks", "source/shared")
    ),
)
"""What a host loads of the grader beside the rooms ``base`` and ``grading``."""


class NoHost(GraderFault):
    """No warm grader can listen here; runs start cold."""


class Stranger(NoHost):
    """At the warm grader's socket listens a process that is none; this run starts cold."""


def connect(met: set[Peer] | None = None) -> tuple[socket.socket, bool]:
    """Return a connection to the warm grader, and whether it had to be started.

    ``met`` are the hosts that this run has met, to which this one is added. ``NoHost`` where
    sockets cannot be made, ``Stranger`` where another process than a host's listens.
    """
    met = set() if met is None else met
    # All folders are tried for a host that is there before one is started in the first: an older
    # command may have found only the second usable.
    for folder in filter(is_private, list_folders()):
        with contextlib.suppress(OSError):
            return _connect_to_host(folder / f"{get_identity()}.sock", met), False
    for folder in filter(make_private, list_folders()):
        with contextlib.suppress(OSError):
            return _start_host(folder, met), True
    raise NoHost("The socket of the warm grader cannot be created in any folder")


def list_hosts() -> list[dict[str, Any]]:
    """Return what each warm grader of this installation says of itself."""
    found = []
    for path in _list_sockets():
        with (
            contextlib.suppress(OSError, ConnectionClosed, MalformedData),
            _connect_to(path) as channel,
        ):
            channel.settimeout(ANSWER_SECONDS)
            send_data(channel, {"ask": "status"})
            found.append(receive_data(channel))
    return found


def stop_hosts(keep: Path | None = None) -> int:
    """Ask every warm grader of this installation but one to stop; return how many there were."""
    count = 0
    for path in _list_sockets():
        if path != keep:
            with contextlib.suppress(OSError, ConnectionClosed), _connect_to(path) as channel:
                send_data(channel, {"ask": "stop"})
                count += 1
    return count


def read_last_words() -> str:
    """Return the last line that a host which ended by itself has left in its log, after a colon."""
    for folder in list_folders():
        with contextlib.suppress(OSError):
            words = (folder / "log").read_text("utf-8", "replace").strip()
            return f": {words.splitlines()[-1][-300:]}" if words else ""
    return ""


@cache
def get_identity() -> str:
    """Return which Python, libraries and grader there are on the disk now, as a file's name.

    By the time and size of each file: reading them all would take longer than a run. A host that
    has loaded anything else has another name, so it is not found, and ends when nobody asks it.
    """
    python = f"{sys.executable}\0{sys.version}"
    files = os.linesep.join(map(_describe_version, list_loaded_files()))
    return f"{_hash(python, 8)}-{_hash(files, 16)}"


def list_loaded_files() -> list[str]:
    """Return the files that a host's state depends on: a few of libraries, and all of ours."""
    packages = Path(msgpack.__file__).parents[1]  # not sys.path, which PYTHONPATH may bend
    files = [str(packages / name) for name in LOADED]
    files += [str(GRADER / name) for name in PARTS]
    for package in ("base", "grading"):
        files += _list_code(str(GRADER / package))
    return files


def is_supported() -> bool:
    """Return whether this system has what a warm grader needs."""
    return hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and hasattr(socket, "send_fds")


def _connect_to(path: Path) -> socket.socket:
    channel = socket.socket(socket.AF_UNIX)
    try:
        channel.connect(str(path))
    except BaseException:
        channel.close()
        raise
    return channel


def _connect_to_host(path: Path, met: set[Peer]) -> socket.socket:
    """Return a connection to the host that is recorded for the socket."""
    channel = _connect_to(path)
    try:
        if is_known(channel, path, met):
            return channel
    except OSError:
        channel.close()
        raise
    channel.close()
    raise Stranger(f"Another process listens at {path} in the warm grader's place")


def _start_host(folder: Path, met: set[Peer]) -> socket.socket:
    """Return a connection to a host in ``folder``, which is started if there still is none."""
    path = folder / f"{get_identity()}.sock"
    with hold_lock(folder / "lock", ANSWER_SECONDS):
        # Whoever held the lock before may have started it: of many first commands at once, one
        # starts the host and the others find it.
        with contextlib.suppress(OSError):
            return _connect_to_host(path, met)
        _remove_dead_sockets(folder)
        # The host listens as soon as it runs and before it loads anything, which takes a second:
        # a client may connect at once, and waits in the queue. And the lock can be let go: from
        # here on the others find the name, and nothing is held while torch loads.
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            path.chmod(0o600)
            _spawn(listener, path)
        # The one that this command has started itself, whichever it had met before.
        started: set[Peer] = set()
        channel = _connect_to_host(path, started)
        met |= started
        return channel


def _remove_dead_sockets(folder: Path) -> None:
    """Remove the sockets that nobody listens to.

    Only whoever holds the lock may: another could have bound a name and not listen yet.
    """
    for path in folder.glob("*.sock"):
        try:
            with _connect_to(path) as channel:
                is_known(channel, path, set())
        except ConnectionRefusedError:  # the file of a socket outlives its process
            path.unlink(missing_ok=True)
            locate_record(path).unlink(missing_ok=True)
        except OSError:
            continue


def _spawn(listener: socket.socket, path: Path) -> None:
    """Start a host that inherits the listening socket and lives on by itself."""
    import subprocess

    from grader.grading.system.interpreter import make_command, make_environment

    with (path.parent / "log").open("wb") as log:
        process = subprocess.Popen(
            make_command(HOST, str(listener.fileno()), str(path)),
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # no terminal, and no signal from the command's
            cwd="/",  # else the folder that the command was started in could not be removed
            env={**LARGE_PAGES, **make_environment()},
        )
    if process.wait():  # with 0 it has forked the host, which listens, and ended
        raise NoHost(f"The warm grader did not start{read_last_words()}")


def _list_sockets() -> list[Path]:
    """Return the sockets of every host of this Python, whatever it has loaded."""
    mine = get_identity().partition("-")[0]
    return [
        p for folder in list_folders() if is_private(folder) for p in folder.glob(f"{mine}-*.sock")
    ]


def _list_code(folder: str) -> list[str]:
    """Return the files of a room and of the rooms in it, sorted."""
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".ini")):
                found.append(entry.path)
            elif entry.is_dir() and entry.name != "__pycache__":
                found += _list_code(entry.path)
    return sorted(found)


def _describe_version(path: str) -> str:
    try:
        found = os.stat(path)  # noqa: PTH116 - as quick as it can be
    except OSError:
        return ""
    return f"{path} {found.st_mtime_ns} {found.st_size}"


def _hash(text: str, digits: int) -> str:
    # surrogateescape: a path need not be UTF-8.
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:digits]
