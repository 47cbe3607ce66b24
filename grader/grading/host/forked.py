"""Workers as the judge sees them where processes can be forked: the supervisor forks them."""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass
from typing import Any

from grader.grading.judge.workers import WorkerEnd
from grader.grading.protocol.frames import ConnectionClosed, receive_data, send_data
from grader.grading.system.memory import limit_memory_of
from grader.grading.system.output import CapturedOutput
from grader.grading.system.usage import read_cpu_seconds


@dataclass(frozen=True, slots=True)
class WaitingWorker:
    """A forked worker that has no assignment yet, as its supervisor has it."""

    pid: int
    channel: socket.socket
    output: int
    """The descriptor from which its output is read."""


@dataclass(slots=True)
class ForkedWorker:
    """A forked worker with its assignment, seen from the judge."""

    pid: int
    channel: socket.socket
    output: CapturedOutput
    supervisor: socket.socket

    def take_output(self) -> str:
        """Return what it printed since the last call."""
        return self.output.take()

    def read_cpu_seconds(self) -> float:
        """Return the seconds for which it and all that it started have computed so far."""
        # The judge's parent is the supervisor, which adopts what a worker leaves behind.
        return read_cpu_seconds(self.pid, adopter=os.getppid())

    def limit_memory(self, megabytes: int, private: bool) -> bool:
        """Allow it so many MiB more than it has, for good; return False where nobody can."""
        return limit_memory_of(self.pid, megabytes, private)

    def end(self) -> WorkerEnd:
        """Have the supervisor end it; return how it had ended by itself, if it had.

        The supervisor is its parent and alone can wait for it; what the judge knows is whether
        the worker had hung up. Asked before our own end is closed, which would make it hang up.
        """
        gone = self._has_hung_up()
        self.channel.close()
        send_data(self.supervisor, {"end": self.pid, "gone": gone})
        return WorkerEnd(**receive_data(self.supervisor)["ended"])

    def _has_hung_up(self) -> bool:
        """Return whether the other end is closed already."""
        try:
            self.channel.settimeout(0)
            return self.channel.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:  # open, and silent
            return False
        except OSError:
            return True


@dataclass(frozen=True, slots=True)
class ForkingFactory:
    """Where a forked judge gets its workers: one is ready, the supervisor forks more.

    The judge cannot fork them itself: it has read the checks, and a fork has its parent's memory.
    """

    supervisor: socket.socket
    waiting: list[WaitingWorker]

    def start(self, assignment: dict[str, Any]) -> ForkedWorker:
        """Return a fresh worker that has its assignment."""
        while self.waiting:
            worker = self._adopt(self.waiting.pop())
            with contextlib.suppress(ConnectionClosed):
                send_data(worker.channel, assignment)
                return worker
            worker.end()  # it was killed while it waited
        worker = self._adopt(self._order())
        send_data(worker.channel, assignment)
        return worker

    def _adopt(self, worker: WaitingWorker) -> ForkedWorker:
        output = CapturedOutput(worker.output)
        return ForkedWorker(worker.pid, worker.channel, output, self.supervisor)

    def _order(self) -> WaitingWorker:
        """Have the supervisor fork a worker, and take over its descriptors."""
        send_data(self.supervisor, {"start": True})
        # The descriptors come with a byte of their own: they ride on data, and whoever reads that
        # with a plain recv, as a frame is read, drops them. The pid follows as a frame.
        _, descriptors, _, _ = socket.recv_fds(self.supervisor, 1, 2)
        pid = int(receive_data(self.supervisor)["pid"])
        channel, output = descriptors
        return WaitingWorker(pid, socket.socket(fileno=channel), output)
