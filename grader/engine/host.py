"""The host: a process with torch and pytest loaded that keeps spare runs ready.

client ── frames ── run ──┬── judge   (pytest, the checks)
                          └── worker  (the learner's module) ── questions ── judge

A spare is a run whose judge and worker are forked and prepared before anybody asks. It takes
one connection and serves it to its end; then another spare is forked. Nothing of a run comes
back here, so nothing of it reaches the next.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import shutil
import signal
import socket
import sys
import time
from functools import partial
from pathlib import Path

import psutil

from grader.engine.door import LARGE_PAGES, identity, stop
from grader.engine.process import adopt_orphans, children, end_tree
from grader.engine.run import Judge
from grader.engine.spare import Spare, be_spare

IDLE_SECONDS = 30 * 60.0
"""A host that nobody asks for so long ends."""
SPARES = 2
PAUSE = 0.15
"""Seconds that a run has for itself before the next spare is made, while there is another."""
FAILURES = 20
"""So many spares in a row that end before they are asked, and the host gives up."""
ROUND = 5.0
"""The longest time between two looks at what is left over."""


class Host:
    """Keeps spares, counts runs, sweeps up after what was killed, and ends when idle."""

    def __init__(self, listener: socket.socket, path: Path, judge: Judge) -> None:
        self._listener, self._path, self._judge = listener, path, judge
        self._inode = path.stat().st_ino
        self._folder = path.parent / "scratch" / str(os.getpid())
        self._folder.mkdir(parents=True)
        self._spares: dict[socket.socket, int] = {}
        self._known: set[int] = set()
        self._used = self._fill_at = time.monotonic()
        self._stopping, self._failures = False, 0
        self._wake, self._waker = socket.socketpair()
        self._waker.setblocking(False)

    def serve(self) -> None:
        """Keep spares ready until idle, told to stop or out of reach; then let runs end."""
        gc.collect()
        gc.freeze()  # so that no fork pays for looking at what is here
        signal.set_wakeup_fd(self._waker.fileno())
        signal.signal(signal.SIGTERM, self._stop)
        try:
            while not self._stopping:
                self._fill()
                self._wait()
                self._stopping |= self._idle() or not self._reachable()
        finally:
            self._leave()

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _fill(self) -> None:
        """Fork the spares that are missing, when it is time."""
        while len(self._spares) < SPARES and time.monotonic() >= self._fill_at:
            ours, theirs = socket.socketpair()
            pid = os.fork()
            if pid == 0:
                spare = Spare(self._listener, theirs, self._judge, self._folder, os.getppid())
                be_spare(spare, [*self._spares, ours, self._wake, self._waker])
            theirs.close()
            self._spares[ours] = pid
            self._known.add(pid)

    def _wait(self) -> None:
        """Until a spare is taken or gone, a signal comes, or a spare is to be made."""
        missing = len(self._spares) < SPARES
        left = max(0.0, self._fill_at - time.monotonic()) if missing else ROUND
        ready, _, _ = select.select([*self._spares, self._wake], [], [], left)
        for line in ready:
            if line is self._wake:
                self._wake.recv(4096)
            else:
                self._taken(line)
        self._sweep()

    def _taken(self, line: socket.socket) -> None:
        """A spare has a client now, or was killed before it had one."""
        taken = bool(line.recv(1))
        line.close()
        del self._spares[line]
        self._failures = 0 if taken else self._failures + 1
        self._stopping |= self._failures > FAILURES
        self._used = time.monotonic()
        self._fill_at = self._used + (PAUSE if self._spares or not taken else 0.0)

    def _sweep(self) -> None:
        """End what is left of runs that were killed, and remove their folders."""
        living = children(os.getpid())
        for stray in living - self._known:
            end_tree(stray)
        for gone in self._known - living:
            shutil.rmtree(self._folder / str(gone), ignore_errors=True)
        self._known &= living

    def _idle(self) -> bool:
        busy = len(self._known) > len(self._spares)
        if busy:
            self._used = time.monotonic()
        return time.monotonic() - self._used > IDLE_SECONDS

    def _reachable(self) -> bool:
        """Whether the socket's name still leads here."""
        with contextlib.suppress(OSError):
            return self._path.stat().st_ino == self._inode
        return False

    def _leave(self) -> None:
        """Take no more clients; wait for the runs under way, then leave nothing behind."""
        if self._reachable():
            self._path.unlink()
        self._listener.close()
        for line in self._spares:
            line.close()
        while self._known:
            time.sleep(0.02)
            self._sweep()
        shutil.rmtree(self._folder, ignore_errors=True)


def preload() -> None:
    """Load all that judge and worker need, once, so that a fork has it."""
    import torch

    torch.set_num_threads(1)

    import grader.engine.warmup
    import grader.engine.worker

    grader.engine.warmup.rehearse()


def clear(scratch: Path) -> None:
    """Remove what hosts that were killed have left, but not what a living run still uses."""
    for folder in scratch.glob("*/*"):
        if not _lives(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
    for folder in scratch.glob("*"):
        if not _lives(folder.name):
            with contextlib.suppress(OSError):
                folder.rmdir()


def _lives(pid: str) -> bool:
    """Whether a process of that number is there; a folder of another name is nobody's."""
    return pid.isdigit() and psutil.pid_exists(int(pid))


def main() -> None:
    """Live on by itself, load everything, then serve: descriptor and path of the socket are given.

    A grader that was updated since the command began is not served: the two would not fit.
    """
    descriptor, path = int(sys.argv[1]), Path(sys.argv[2])
    if os.fork():
        os._exit(0)
    for name, value in LARGE_PAGES.items():  # not for what the learner's code may start
        if os.environ.get(name) == value:
            del os.environ[name]
    preload()
    listener = socket.socket(fileno=descriptor)
    if path.stem != identity():
        path.unlink(missing_ok=True)
        sys.exit("the grader was updated meanwhile; start the command again")
    stop(path)
    clear(path.parent / "scratch")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    adopt_orphans()

    from grader.engine.judge import judge
    from grader.engine.sitting import open_session

    open_session(lambda sitting: Host(listener, path, partial(judge, sitting)).serve())


if __name__ == "__main__":
    main()
