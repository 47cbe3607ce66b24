"""Grading without fork: judge and workers as fresh processes, where that is all there is.

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
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.grading.judge.workers import WorkerEnd
from grader.grading.protocol.frames import (
    ConnectionClosed,
    MalformedData,
    receive,
    send,
    send_data,
)
from grader.grading.system.interpreter import make_command, make_environment
from grader.grading.system.memory import limit_memory_of
from grader.grading.system.output import CapturedOutput
from grader.grading.system.processes import KILL, end_tree, make_scratch_folder
from grader.grading.system.usage import read_cpu_seconds

START_SECONDS = 120.0
"""How long a fresh process may take until it connects."""
LAST_SECONDS = 0.5
"""How long a process that broke off may take to end by itself, in seconds."""
TOKEN_BYTES = 32


@contextlib.contextmanager
def spawn_judge() -> Iterator[socket.socket]:
    """Start a judge in a fresh process and yield the channel to it; its whole tree ends after."""
    # The folder is this side's to remove: the judge is killed, and cannot do it then.
    with tempfile.TemporaryDirectory(prefix="groundwork-", ignore_cleanup_errors=True) as folder:
        process, channel = _spawn("judge", folder, output=None, cwd=None)
        try:
            yield channel
        finally:
            channel.close()
            end_tree(process.pid)
            process.wait()


@dataclass(slots=True)
class SpawnedWorker:
    """A worker in a fresh process, seen from the judge."""

    process: subprocess.Popen[bytes]
    channel: socket.socket
    output: CapturedOutput
    folder: str
    others: set[int]
    """The workers of this run that are there, this one among them."""

    def take_output(self) -> str:
        """Return what it printed since the last call."""
        return self.output.take()

    def read_cpu_seconds(self) -> float:
        """Return the seconds for which it and all that it started have computed so far."""
        return read_cpu_seconds(self.process.pid, adopter=os.getpid())

    def limit_memory(self, megabytes: int, private: bool) -> bool:
        """Allow it so many MiB more than it has, for good; return False where nobody can."""
        return limit_memory_of(self.process.pid, megabytes, private)

    def end(self) -> WorkerEnd:
        """End it with all that it started; return how it had ended by itself, if it had."""
        with contextlib.suppress(OSError):
            self.channel.close()
        code = _wait_for_code(self.process)
        end_tree(self.process.pid)
        self.process.wait()
        self.others.discard(self.process.pid)
        # What the worker had started may have outlived it, and is the judge's child by now (see
        # adopt_orphans). All below the judge that is no worker of this run is such an orphan.
        end_tree(os.getpid(), frozenset({os.getpid(), *self.others}))
        shutil.rmtree(self.folder, ignore_errors=True)
        if code is None:
            return WorkerEnd()
        words = f"the process that ran your code ended with exit code {code}"
        return WorkerEnd(words, -code in (signal.SIGTERM, KILL))  # a signal's number comes negated


@dataclass(frozen=True, slots=True)
class SpawningFactory:
    """Where a spawned judge gets its workers: it starts fresh processes."""

    workers: set[int]
    home: str
    """The run's folder, in which each worker has one of its own."""

    def start(self, assignment: dict[str, Any]) -> SpawnedWorker:
        """Return a fresh worker that has its assignment."""
        folder = make_scratch_folder(self.home)
        process, channel = _spawn("worker", folder, output=subprocess.PIPE, cwd=folder)
        send_data(channel, assignment)
        assert process.stdout is not None
        self.workers.add(process.pid)
        # A copy: the reader closes its descriptor at the end of the output, and Popen its own.
        output = CapturedOutput(os.dup(process.stdout.fileno()))
        return SpawnedWorker(process, channel, output, folder, self.workers)


def _wait_for_code(process: subprocess.Popen[bytes]) -> int | None:
    """Return the exit code of a process that is about to end; None when it does not."""
    end = time.monotonic() + LAST_SECONDS
    while time.monotonic() < end:
        code = process.poll()
        if code is not None:
            return code
        time.sleep(0.01)
    return None


def _spawn(
    role: str, folder: str, *, output: int | None, cwd: str | None
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a fresh process in a role; return it once it has connected and shown its token."""
    # The loopback interface is open to every user of the machine. The token goes over standard
    # input: a command line or an environment could be read by others while the process runs.
    token = secrets.token_bytes(TOKEN_BYTES)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1.0)
        process = subprocess.Popen(
            make_command("grader.grading.host.spawned", role, folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if output is None else output,
            stderr=subprocess.DEVNULL if output is None else subprocess.STDOUT,
            start_new_session=True,
            cwd=cwd,
            env=make_environment(),
        )
        assert process.stdin is not None
        process.stdin.write(listener.getsockname()[1].to_bytes(2, "big") + token)
        process.stdin.close()
        return process, _accept(listener, token, process)


def _accept(
    listener: socket.socket, token: bytes, process: subprocess.Popen[bytes]
) -> socket.socket:
    """Return the first connection that shows the token."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            channel, _ = listener.accept()
        except TimeoutError:  # each second: a process that has ended will never connect
            if process.poll() is not None:
                ended = f"a grader process ended with exit code {process.returncode}"
                raise ConnectionClosed(ended) from None
            continue
        # A question is a short frame that is answered before the next one is sent: to wait for
        # more to send along would delay each of them.
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        channel.settimeout(5.0)  # a stranger that connects and stays silent holds nobody up
        with contextlib.suppress(ConnectionClosed, TimeoutError, MalformedData):
            # In constant time, so that nobody finds the token byte by byte.
            if hmac.compare_digest(receive(channel), token):
                return channel
        channel.close()
    raise ConnectionClosed("a grader process did not start")


def main() -> None:
    """Connect back, then be judge or worker."""
    start = sys.stdin.buffer.read(2 + TOKEN_BYTES)
    channel = socket.create_connection(("127.0.0.1", int.from_bytes(start[:2], "big")))
    channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    send(channel, start[2:])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the learner's code gets an empty input
    if sys.argv[1] == "judge":
        _run_judge(channel, sys.argv[2])
    else:
        _run_worker(channel, sys.argv[2])


def _run_judge(channel: socket.socket, folder: str) -> None:
    # Within the role, so that a worker's process never imports the judge.
    from grader.grading.judge.judge import run_judge
    from grader.grading.judge.session import open_session
    from grader.grading.system.isolation import adopt_orphans, hide_memory

    hide_memory()
    adopt_orphans()
    workers = SpawningFactory(set(), folder)
    try:
        open_session(lambda session: run_judge(session, channel, workers, folder))
    except ConnectionClosed:
        return
    except Exception as error:  # a fault of ours, reported rather than lost
        send_data(channel, {"report": {"fault": f"{type(error).__name__}: {error}"}})
    finally:
        # The command that asked may have been killed, and removes nothing then.
        shutil.rmtree(folder, ignore_errors=True)


def _run_worker(channel: socket.socket, folder: str) -> None:
    from grader.grading.system.isolation import drop_capabilities
    from grader.grading.worker.worker import serve_worker

    os.environ["TMPDIR"] = tempfile.tempdir = folder
    drop_capabilities()
    serve_worker(channel)


if __name__ == "__main__":
    main()
