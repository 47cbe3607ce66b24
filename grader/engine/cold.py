"""The engine without fork: judge and workers as fresh processes, where that is all there is.

Each is started with this interpreter and connects back over the loopback interface with a
token that it was given on standard input, so nobody else can take its place. It is slower by
one import of torch per process; questions, answers and verdicts are the same.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.engine.frames import Closed, Malformed, receive, send, send_data
from grader.engine.fresh import command, environment
from grader.engine.process import Printed, computed, end_tree, scratch

START_SECONDS = 120.0
"""How long a fresh process may take until it connects."""


@contextlib.contextmanager
def judge_apart() -> Iterator[socket.socket]:
    """A judge in a fresh process, and the channel to it; its whole tree ends with the context."""
    process, channel = _started("judge", output=None, folder=None)
    try:
        yield channel
    finally:
        channel.close()
        end_tree(process.pid)
        process.wait()


@dataclass(slots=True)
class Apart:
    """A worker in a fresh process, seen from the judge."""

    process: subprocess.Popen[bytes]
    line: socket.socket
    output: Printed
    folder: str
    others: set[int]
    """The workers of this run that are there, this one among them."""

    def channel(self) -> socket.socket:
        """The socket to ask over."""
        return self.line

    def printed(self) -> str:
        """What it printed since last asked."""
        return self.output.take()

    def computed(self) -> float:
        """Seconds for which it has computed so far."""
        return computed(self.process.pid)

    def dismiss(self) -> str:
        """End it with all that it started; how it had ended, if it had."""
        with contextlib.suppress(OSError):
            self.line.close()
        code = _code_soon(self.process)
        end_tree(self.process.pid)
        self.process.wait()
        self.others.discard(self.process.pid)
        end_tree(os.getpid(), frozenset({os.getpid(), *self.others}))
        shutil.rmtree(self.folder, ignore_errors=True)
        return "" if code is None else f"the process that ran your code ended with exit code {code}"


@dataclass(frozen=True, slots=True)
class Starter:
    """The judge's agency: it starts fresh processes."""

    workers: set[int]

    def hire(self, told: dict[str, Any]) -> Apart:
        """A fresh worker for this run, told what it is about."""
        folder = scratch()
        process, channel = _started("worker", output=subprocess.PIPE, folder=folder)
        send_data(channel, told)
        assert process.stdout is not None
        self.workers.add(process.pid)
        output = Printed(os.dup(process.stdout.fileno()))
        return Apart(process, channel, output, folder, self.workers)


def _code_soon(process: subprocess.Popen[bytes]) -> int | None:
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        code = process.poll()
        if code is not None:
            return code
        time.sleep(0.01)
    return None


def _started(
    role: str, output: int | None, folder: str | None
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A fresh process in a role, once it has connected and shown its token."""
    token = secrets.token_bytes(32)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1.0)
        process = subprocess.Popen(
            command("grader.engine.cold", role),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if output is None else output,
            stderr=subprocess.DEVNULL if output is None else subprocess.STDOUT,
            start_new_session=True,
            cwd=folder,
            env=environment(),
        )
        assert process.stdin is not None
        process.stdin.write(listener.getsockname()[1].to_bytes(2, "big") + token)
        process.stdin.close()
        return process, _accepted(listener, token, process)


def _accepted(
    listener: socket.socket, token: bytes, process: subprocess.Popen[bytes]
) -> socket.socket:
    """The first connection that shows the token."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            channel, _ = listener.accept()
        except TimeoutError:
            if process.poll() is not None:
                raise Closed(f"a process of the grader's ended with {process.returncode}") from None
            continue
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        channel.settimeout(5.0)
        with contextlib.suppress(Closed, TimeoutError, Malformed):
            if hmac.compare_digest(receive(channel), token):
                return channel
        channel.close()
    raise Closed("a process of the grader's did not start")


def main() -> None:
    """Connect back, then be judge or worker."""
    told = sys.stdin.buffer.read(34)
    channel = socket.create_connection(("127.0.0.1", int.from_bytes(told[:2], "big")))
    channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    send(channel, told[2:])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if sys.argv[1] == "judge":
        _judge(channel)
    else:
        _worker(channel)


def _judge(channel: socket.socket) -> None:
    from grader.engine.judge import judge
    from grader.engine.process import adopt_orphans
    from grader.engine.sitting import open_session

    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="groundwork-", ignore_cleanup_errors=True) as folder:
        try:
            open_session(lambda sitting: judge(sitting, channel, Starter(set()), folder))
        except Closed:
            return
        except Exception as error:  # a fault of ours, told rather than lost
            send_data(channel, {"report": {"fault": f"{type(error).__name__}: {error}"}})


def _worker(channel: socket.socket) -> None:
    from grader.engine.worker import attend

    attend(channel)


if __name__ == "__main__":
    main()
