"""A spare: a run that is prepared, and waits for its one client."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.engine.frames import Closed, Malformed, receive_data, send_data
from grader.engine.process import adopt_orphans, footprint
from grader.engine.run import Judge, Run

FIRST_WORDS = 5.0
"""Seconds that a client has to say what it wants."""


@dataclass(frozen=True, slots=True)
class Spare:
    """Where a spare finds its client, and whom it tells."""

    listener: socket.socket
    line: socket.socket
    """To the host: a byte when the client is there; closed when the host is gone."""
    judge: Judge
    folder: Path
    host: int


def be_spare(spare: Spare, others: Iterable[socket.socket]) -> None:
    """The life of a forked supervisor; it never returns."""
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        for other in others:
            other.close()
        os.setsid()
        adopt_orphans()
        run = Run(spare.judge, spare.folder / str(os.getpid()), [spare.listener, spare.line])
        try:
            _attend(spare, run)
        finally:
            run.end()
    except (Closed, Malformed, OSError):
        pass
    finally:
        os._exit(0)


def _attend(spare: Spare, run: Run) -> None:
    """Take one client and do what it asks for."""
    client = _client(spare)
    if client is None:
        return
    client.settimeout(FIRST_WORDS)
    asked = receive_data(client)
    client.settimeout(None)
    if "plan" in asked:
        run.supervise(client, asked)
    elif asked.get("ask") == "status":
        send_data(client, _status(spare.host))
    elif asked.get("ask") == "stop":
        os.kill(spare.host, signal.SIGTERM)


def _client(spare: Spare) -> socket.socket | None:
    """The first client of the same user; None when the host is gone before one comes."""
    spare.listener.setblocking(False)
    while True:
        ready, _, _ = select.select([spare.listener, spare.line], [], [])
        if spare.line in ready:
            return None
        with contextlib.suppress(BlockingIOError):  # another spare was quicker
            client, _ = spare.listener.accept()
            if _same_user(client):
                spare.line.send(b"+")
                spare.line.close()
                spare.listener.close()
                client.setblocking(True)
                return client
            client.close()


def _same_user(client: socket.socket) -> bool:
    """Whether the other end belongs to who runs this, where the system says."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the folder's and the socket's modes let nobody else in
    said = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", said)
    return bool(user == os.geteuid())


def _status(host: int) -> dict[str, Any]:
    """What the host is, as it answers to ``grade engine status``."""
    import torch

    size, processes, since = footprint(host)
    return {
        "pid": host,
        "python": sys.version.partition(" ")[0],
        "torch": str(torch.__version__),
        "seconds": time.time() - since,
        "bytes": size,
        "processes": processes,
    }
