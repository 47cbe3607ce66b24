"""The host: a process with torch and pytest loaded that forks a run per request.

client ── frames ── run ──┬── judge   (pytest, the checks)
                          └── worker  (the learner's module) ── questions ── judge
"""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import socket
import sys

from grader.engine.frames import Closed, send_data
from grader.engine.process import adopt_orphans, end_tree, scratch
from grader.engine.run import Run


def preload() -> None:
    """Load all that judge and worker need, once, so that a fork has it."""
    import torch

    torch.set_num_threads(1)
    torch.nn.Linear(2, 2)(torch.ones(1, 2)).sum().backward()

    import grader.engine.judge
    import grader.engine.warmup
    import grader.engine.worker

    grader.engine.warmup.one_session()
    gc.collect()
    gc.freeze()


def serve(door: socket.socket) -> None:
    """Fork a run for each connection that comes through the door, until it closes.

    Then whatever is left of any run is ended, and its folders are removed.
    """
    folder = scratch()
    try:
        _serve(door, folder)
    finally:
        end_tree(os.getpid(), frozenset({os.getpid()}))
        shutil.rmtree(folder, ignore_errors=True)


def _serve(door: socket.socket, folder: str) -> None:
    while True:
        told, descriptors, _, _ = socket.recv_fds(door, 1, 1)
        if not told:
            return
        connection = socket.socket(fileno=descriptors[0])
        if os.fork() == 0:
            _be_run(connection, door, folder)
        connection.close()


def _be_run(connection: socket.socket, door: socket.socket, folder: str) -> None:
    """The life of a forked supervisor; it never returns."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        adopt_orphans()
        door.close()
        Run(connection, folder).supervise()
    except Closed:
        pass
    except BaseException as error:  # told to the client, who reports it as ours
        with contextlib.suppress(BaseException):
            send_data(connection, {"report": {"fault": f"{type(error).__name__}: {error}"}})
    finally:
        os._exit(0)


def main() -> None:
    """Load everything, then serve the door whose descriptor is the first argument."""
    preload()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    adopt_orphans()
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
