"""Workers as the judge sees them where processes can be forked: the supervisor forks them."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from typing import Any

from grader.engine.frames import Closed, receive_data, send_data
from grader.engine.process import Printed, computed


@dataclass(frozen=True, slots=True)
class Ready:
    """A forked worker that nobody has hired yet, seen from its supervisor."""

    pid: int
    line: socket.socket
    output: int
    """The descriptor from which its output is read."""


@dataclass(slots=True)
class Hired:
    """A forked worker, seen from the judge."""

    pid: int
    line: socket.socket
    output: Printed
    desk: socket.socket

    def channel(self) -> socket.socket:
        """The socket to ask over."""
        return self.line

    def printed(self) -> str:
        """What it printed since last asked."""
        return self.output.take()

    def computed(self) -> float:
        """Seconds for which it has computed so far."""
        return computed(self.pid)

    def dismiss(self) -> str:
        """Have the supervisor end it; how it had ended, if it had."""
        gone = self._gone()
        self.line.close()
        send_data(self.desk, {"dismiss": self.pid, "gone": gone})
        return str(receive_data(self.desk)["ended"])

    def _gone(self) -> bool:
        """Whether the other end is closed already."""
        try:
            self.line.settimeout(0)
            return self.line.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True


@dataclass(frozen=True, slots=True)
class Desk:
    """The judge's agency: it has a worker ready, and asks the supervisor to fork more."""

    counter: socket.socket
    ready: list[Ready]

    def hire(self, told: dict[str, Any]) -> Hired:
        """A fresh worker for this run, told what it is about."""
        while self.ready:
            hired = self._hired(self.ready.pop())
            with contextlib.suppress(Closed):
                send_data(hired.line, told)
                return hired
            hired.dismiss()  # it was killed while it waited
        hired = self._hired(self._forked())
        send_data(hired.line, told)
        return hired

    def _hired(self, worker: Ready) -> Hired:
        return Hired(worker.pid, worker.line, Printed(worker.output), self.counter)

    def _forked(self) -> Ready:
        send_data(self.counter, {"hire": True})
        _, descriptors, _, _ = socket.recv_fds(self.counter, 1, 2)
        pid = int(receive_data(self.counter)["pid"])
        channel, output = descriptors
        return Ready(pid, socket.socket(fileno=channel), output)
