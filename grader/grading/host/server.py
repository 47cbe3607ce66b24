"""The host: a process with torch and pytest loaded that keeps preforked runs ready.

client ── frames ── supervisor ──┬── judge   (pytest, the checks)
                                 └── worker  (the learner's module) ── questions ── judge

A prefork is a run whose judge and worker are forked and prepared before anybody asks. It takes
one connection and serves it to its end; then another one is forked. Nothing of a run comes back
here, so nothing of it reaches the next.
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

from grader.grading.host.discovery import LARGE_PAGES, get_identity, stop_hosts
from grader.grading.host.peer import locate_record, record_listener
from grader.grading.host.prefork import Prefork, run_prefork
from grader.grading.host.roles import JudgeMain
from grader.grading.system.isolation import adopt_orphans, hide_memory
from grader.grading.system.processes import end_tree, list_children

IDLE_SECONDS = 30 * 60.0
"""A host that nobody asks for so long ends."""
PREFORKS = 2
"""How many runs are kept ready: while one is taken and replaced, there is another."""
PAUSE = 0.15
"""Seconds that a run has for itself before the next prefork is made, while there is another."""
FAILURES = 20
"""So many preforks in a row that end before they are asked, and the host gives up."""
BACKLOG = 128
"""Clients that may wait until a prefork takes them."""
ROUND = 5.0
"""The longest time between two looks at what is left over."""


class Host:
    """Keeps preforks, counts runs, ends what was left over, and ends itself when idle."""

    def __init__(self, listener: socket.socket, path: Path, judge: JudgeMain) -> None:
        self._listener, self._path, self._judge = listener, path, judge
        self._inode = path.stat().st_ino
        self._folder = path.parent / "scratch" / str(os.getpid())
        self._folder.mkdir(parents=True)
        self._preforks: dict[socket.socket, int] = {}
        self._known: set[int] = set()
        self._stopped_since: dict[int, float] = {}
        self._used = self._fill_at = time.monotonic()
        self._stopping, self._failures = False, 0
        # Python writes to the one end when a signal comes, so that select returns at once: it
        # would go on waiting otherwise, for up to a round.
        self._wake, self._waker = socket.socketpair()
        self._waker.setblocking(False)

    def serve(self) -> None:
        """Keep preforks ready until idle, stopped or out of reach; then let runs end."""
        # The collector writes a mark to every object that it looks at, and so would copy each
        # page of theirs in every fork. Frozen objects are never looked at again.
        gc.collect()
        gc.freeze()
        signal.set_wakeup_fd(self._waker.fileno())
        signal.signal(signal.SIGTERM, self._stop)
        try:
            while not self._stopping:
                self._fill()
                self._wait()
                self._stopping |= self._is_unused() or not self._is_reachable()
        finally:
            self._leave()

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _fill(self) -> None:
        """Fork the preforks that are missing, when it is time."""
        while len(self._preforks) < PREFORKS and time.monotonic() >= self._fill_at:
            ours, theirs = socket.socketpair()
            pid = os.fork()
            if pid == 0:
                prefork = Prefork(self._listener, theirs, self._judge, self._folder, os.getppid())
                run_prefork(prefork, [*self._preforks, ours, self._wake, self._waker])
            # Only the prefork holds its end now: when it ends, however, ours is readable.
            theirs.close()
            self._preforks[ours] = pid
            self._known.add(pid)

    def _wait(self) -> None:
        """Wait until a prefork is taken or gone, a signal comes, or a prefork is to be made."""
        missing = len(self._preforks) < PREFORKS
        left = max(0.0, self._fill_at - time.monotonic()) if missing else ROUND
        ready, _, _ = select.select([*self._preforks, self._wake], [], [], left)
        for line in ready:
            if line is self._wake:
                self._wake.recv(4096)
            else:
                self._remove_prefork(line)
        self._end_leftovers()

    def _remove_prefork(self, line: socket.socket) -> None:
        """Note that a prefork has a client now, or was killed before it had one."""
        taken = bool(line.recv(1))
        line.close()
        del self._preforks[line]
        # Where preforks end by themselves again and again (no memory, no processes left), to go
        # on forking would keep the machine from ever recovering.
        self._failures = 0 if taken else self._failures + 1
        self._stopping |= self._failures > FAILURES
        self._used = time.monotonic()
        # A fork takes milliseconds of a core that the run which has just begun would use. While
        # another prefork waits there is time; without one the next client would have to.
        self._fill_at = self._used + (PAUSE if self._preforks or not taken else 0.0)

    def _end_leftovers(self) -> None:
        """End what is left of runs that were killed, and remove their folders."""
        # The host is a subreaper: the judge and the workers of a supervisor that was killed are
        # its children now. A child that it has not forked itself is such an orphan.
        living = list_children(os.getpid())
        for orphan in living - self._known:
            end_tree(orphan)
        for gone in self._known - living:
            shutil.rmtree(self._folder / str(gone), ignore_errors=True)
        self._known &= living
        self._end_stopped()

    def _end_stopped(self) -> None:
        """End each run whose supervisor has been stopped for a round: it keeps no deadlines."""
        # A supervisor has no terminal, so no Ctrl-Z reaches it. What stops it is the code of a run.
        now = time.monotonic()
        stopped = {pid for pid in self._known if _is_stopped(pid)}
        self._stopped_since = {pid: self._stopped_since.get(pid, now) for pid in stopped}
        for pid, since in self._stopped_since.items():
            if now - since > ROUND:
                end_tree(pid)

    def _is_unused(self) -> bool:
        """Return whether nobody has asked for long; a run under way counts as asking."""
        busy = len(self._known) > len(self._preforks)
        if busy:
            self._used = time.monotonic()
        return time.monotonic() - self._used > IDLE_SECONDS

    def _is_reachable(self) -> bool:
        """Return whether the socket's name still leads here.

        By inode: the file may have been removed, and another host have bound the name since.
        """
        with contextlib.suppress(OSError):
            return self._path.stat().st_ino == self._inode
        return False

    def _leave(self) -> None:
        """Take no more clients; wait for the runs under way, then leave nothing behind."""
        # The name first: a client that comes now finds nothing and starts another host, and none
        # is in a queue that nobody accepts from.
        if self._is_reachable():
            self._path.unlink()
            locate_record(self._path).unlink(missing_ok=True)
        self._listener.close()
        for line in self._preforks:  # a prefork whose host hangs up ends
            line.close()
        while self._known:
            time.sleep(0.02)
            self._end_leftovers()
        shutil.rmtree(self._folder, ignore_errors=True)


def _is_stopped(pid: int) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    return False


def preload() -> None:
    """Load all that judge and worker need, once, so that a fork has it."""
    import torch

    # Before anything is calculated: a fork has only the thread that called it, so a pool of
    # threads would be gone in every run, and the first operation would wait for it for ever.
    torch.set_num_threads(1)

    import grader.grading.host.warmup
    import grader.grading.worker.worker

    grader.grading.host.warmup.rehearse()


def remove_leftovers(scratch: Path) -> None:
    """Remove what hosts that were killed have left, but not what a living run still uses."""
    # Two levels: a host's folder, and in it one for each run, which may have outlived its host.
    for folder in scratch.glob("*/*"):
        if not _lives(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
    for folder in scratch.glob("*"):
        if not _lives(folder.name):
            with contextlib.suppress(OSError):  # not empty: a run of it goes on
                folder.rmdir()


def _lives(pid: str) -> bool:
    """Return whether a process of that number is there; a folder of another name is nobody's."""
    return pid.isdigit() and psutil.pid_exists(int(pid))


def _detach(listener: socket.socket, path: Path) -> None:
    """Go on as a process of nobody's that listens; end the one that the command waits for.

    Before anything is loaded, since the command holds a lock.
    """
    waiting, done = os.pipe()
    if os.fork():
        os.close(done)
        os._exit(0 if os.read(waiting, 1) else 1)
    os.close(waiting)
    # Recorded first, so that whoever can connect finds the record. It is this process that has to
    # begin to listen: the system tells clients which process that was.
    record_listener(path)
    listener.listen(BACKLOG)
    os.write(done, b"+")
    os.close(done)


def main() -> None:
    """Live on by itself, load everything, then serve: descriptor and path of the socket are given.

    A grader that was updated since the command began is not served: the two would not fit.
    """
    descriptor, path = int(sys.argv[1]), Path(sys.argv[2])
    listener = socket.socket(fileno=descriptor)
    _detach(listener, path)
    # All below it are forks, and as hidden. Only the workers show themselves again.
    hide_memory()
    for name, value in LARGE_PAGES.items():  # not for what the learner's code may start
        if os.environ.get(name) == value:
            del os.environ[name]
    preload()
    # Loading takes a second or two, in which the files may have changed: what is loaded then is
    # neither what the name says nor, perhaps, of one piece.
    if path.stem != get_identity():
        path.unlink(missing_ok=True)
        locate_record(path).unlink(missing_ok=True)
        sys.exit("the grader was updated meanwhile; run the command again")
    stop_hosts(path)
    remove_leftovers(path.parent / "scratch")
    # Started from a shell, the host is not to end with a Ctrl-C there, nor with its terminal.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Ignored, so that the kernel forgets preforks and orphans that have ended by itself.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    adopt_orphans()

    from grader.grading.judge.judge import run_judge
    from grader.grading.judge.session import open_session

    open_session(lambda session: Host(listener, path, partial(run_judge, session)).serve())


if __name__ == "__main__":
    main()
