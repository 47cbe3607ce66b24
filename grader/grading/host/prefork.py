"""A prefork: a run that is prepared before anybody asks, and waits for its one client."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.grading.host.peer import read_credentials
from grader.grading.host.roles import JudgeMain
from grader.grading.host.supervisor import Supervisor
from grader.grading.protocol.frames import (
    ConnectionClosed,
    MalformedData,
    receive_data,
    send_data,
)
from grader.grading.system.isolation import adopt_orphans
from grader.grading.system.usage import measure_footprint

REQUEST_SECONDS = 5.0
"""How long a client may take to say what it wants."""


@dataclass(frozen=True, slots=True)
class Prefork:
    """Where a prefork finds its client, and its line to the host."""

    listener: socket.socket
    to_host: socket.socket
    """A byte goes over it when the client is there; it is closed when the host is gone."""
    judge: JudgeMain
    folder: Path
    host: int


def run_prefork(prefork: Prefork, others: Iterable[socket.socket]) -> None:
    """Live as a forked supervisor; it never returns."""
    try:
        # The host's: a signal here would wake the host through the shared descriptor, or run the
        # host's handler. SIGCHLD must not stay ignored, or no child could be waited for.
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        # The other preforks' connections to the host. An open copy here would keep the host from
        # seeing that one of them is gone.
        for other in others:
            other.close()
        # No die_with_parent: a run under way goes on when the host is killed or stopped, and
        # sees for itself (by ``to_host``) when it has no client and no host.
        os.setsid()
        adopt_orphans()
        inherited = [prefork.listener, prefork.to_host]
        supervisor = Supervisor(prefork.judge, prefork.folder / str(os.getpid()), inherited)
        try:
            _serve_client(prefork, supervisor)
        finally:
            supervisor.end()
    except (ConnectionClosed, MalformedData, OSError):
        pass
    finally:
        os._exit(0)  # not through the host's stack, on top of which this fork stands


def _serve_client(prefork: Prefork, supervisor: Supervisor) -> None:
    """Take one client and do what it asks for."""
    client = _accept_client(prefork)
    if client is None:
        return
    client.settimeout(REQUEST_SECONDS)
    request = receive_data(client)
    client.settimeout(None)
    if "plan" in request:
        supervisor.supervise(client, request)
    elif request.get("ask") == "status":
        send_data(client, _describe_host(prefork.host))
    elif request.get("ask") == "stop":
        os.kill(prefork.host, signal.SIGTERM)


def _accept_client(prefork: Prefork) -> socket.socket | None:
    """Return the first client of the same user; None when the host is gone before one comes."""
    # All preforks wait on one listening socket, and the kernel gives a connection to whoever
    # accepts first. So a client meets a prepared run without the host's doing anything, and a
    # run is served even while the host is busy with forking the next one.
    prefork.listener.setblocking(False)
    while True:
        ready, _, _ = select.select([prefork.listener, prefork.to_host], [], [])
        if prefork.to_host in ready:
            return None
        with contextlib.suppress(BlockingIOError):  # another prefork was quicker
            client, _ = prefork.listener.accept()
            if _is_same_user(client):
                prefork.to_host.send(b"+")
                # From here on this is a run, and lives as long as its client, not as the host.
                prefork.to_host.close()
                prefork.listener.close()
                client.setblocking(True)
                return client
            client.close()


def _is_same_user(client: socket.socket) -> bool:
    """Return whether the other end belongs to who runs this, where the system tells."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the folder's and the socket's modes let nobody else in
    # A second look beside the modes: whoever may connect has code run as this user.
    _, user, _ = read_credentials(client)
    return user == os.geteuid()


def _describe_host(host: int) -> dict[str, Any]:
    """Return what the host is, as it answers to ``grade engine status``."""
    import torch

    size, processes, since = measure_footprint(host)
    return {
        "pid": host,
        "python": sys.version.partition(" ")[0],
        "torch": str(torch.__version__),
        "seconds": time.time() - since,
        "bytes": size,
        "processes": processes,
    }
