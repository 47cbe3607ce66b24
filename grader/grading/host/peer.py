"""Who listens at a warm grader's socket: the process that was recorded, or a stranger.

A learner's code runs as the learner, so it may end a host and bind the socket's name itself. What
it cannot do is to be the process that listened before: the system tells a client the number of the
process that began to listen, and with the time at which that began it names one process. The host
records both beside its socket before it listens. This module imports neither torch nor pytest.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from pathlib import Path
from typing import NamedTuple

from grader.base.files import write_file

CREDENTIALS = "3i"
"""What the system says of the other end: its process, user and group."""
START = 19
"""Where a process's start stands in /proc/PID/stat, counted from the field after the name."""


class Peer(NamedTuple):
    """One process, for as long as the system runs."""

    pid: int
    start: int
    """When it began, in the system's ticks; 0 where that cannot be read.

    A pid is given again, a pid with its start is not.
    """


def is_known(channel: socket.socket, path: Path, met: set[Peer]) -> bool:
    """Return whether the process that is recorded for the socket listens at the other end.

    ``met`` are the hosts that the caller has met already: where there are some, another host is
    none of them, whatever is recorded; where there are none, this one is added. Raises
    ``ConnectionRefusedError`` when the host has ended, whose forks may still hold its socket.
    """
    peer = read_peer(channel)
    if peer is None:  # the system does not tell: the folder's mode lets nobody else in
        return True
    if not peer.start and not _is_alive(peer.pid):
        raise ConnectionRefusedError(f"the host behind {path} has ended")
    record = read_record(path)
    if record is None or record.pid != peer.pid or peer.start not in (0, record.start):
        return False
    if met and record not in met:
        return False
    met.add(record)
    return True


def read_peer(channel: socket.socket) -> Peer | None:
    """Return the process that began to listen; None where the system does not tell."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    pid, _, _ = read_credentials(channel)
    return Peer(pid, _read_start(pid))


def read_credentials(channel: socket.socket) -> tuple[int, int, int]:
    """Return process, user and group of the other end, where the system tells (Linux)."""
    size = struct.calcsize(CREDENTIALS)
    raw = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    pid, user, group = struct.unpack(CREDENTIALS, raw)
    return pid, user, group


def record_listener(path: Path) -> None:
    """Record this process as the one that listens at the socket."""
    pid = os.getpid()
    write_file(locate_record(path), f"{pid} {_read_start(pid)}\n", sync=False)


def read_record(path: Path) -> Peer | None:
    """Return the process that was recorded; None where there is no record."""
    with contextlib.suppress(OSError, ValueError):
        pid, start = locate_record(path).read_text("ascii").split()
        return Peer(int(pid), int(start))
    return None


def locate_record(path: Path) -> Path:
    """Return the file in which the listener of a socket is recorded."""
    return path.with_suffix(".pid")


def _read_start(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError, ValueError):
        # The name in the second field may hold spaces and brackets: what counts follows the last.
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[START])
    return 0


def _is_alive(pid: int) -> bool:
    """Return whether there is such a process; one in another container has the number 0 here."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
