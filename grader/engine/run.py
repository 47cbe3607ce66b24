"""One run's supervisor: it forks judge and workers, keeps the deadline and ends them all.

Workers are forked from the supervisor, which has read no check, so nothing that a check expects
is in their memory.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.engine.frames import Closed, Malformed, receive, receive_data, send, send_data
from grader.engine.hired import Desk, Ready
from grader.engine.plan import UNJUDGED, Plan
from grader.engine.process import (
    UNABLE,
    children,
    die_with_parent,
    end_session,
    end_tree,
    ended_how,
    scratch,
    seal,
)

REPLAY_SECONDS = 30.0
"""Deadline for one replay against all mistakes."""
MOMENT = 0.03
"""Seconds to wait for a first word before preparing further."""
LAST_WORDS = 0.5
"""How long a process that broke off may take to end by itself, in seconds."""


Judge = Callable[[socket.socket, Desk, str], None]
"""What a forked judge does: the talk with the client, where workers come from, a folder."""


class Run:
    """One run's supervisor, in a process of its own.

    Its judge and first worker are forked at once, so that they are ready when a plan comes.
    """

    def __init__(self, judge: Judge, folder: Path, inherited: list[socket.socket]) -> None:
        """``inherited`` are sockets that neither judge nor worker is to keep open."""
        folder.mkdir(parents=True)
        self._be_judged, self._folder, self._reported = judge, folder, False
        self._deadline = 0.0
        self._workers: set[int] = set()
        worker = self._fork_worker()
        self._talk, self._desk, self._judge = self._fork_judge(worker, inherited)
        worker.line.close()
        os.close(worker.output)

    def supervise(self, client: socket.socket, asked: dict[str, Any]) -> None:
        """Serve one client until it hangs up or the judge is gone."""
        self._client = client
        self._deadline = time.monotonic() + Plan.of(asked["plan"]).seconds
        try:
            send_data(self._talk, asked)
            while self._step():
                pass
        except Closed:
            self._report({"fault": UNJUDGED})

    def end(self) -> None:
        """End every process of this run and remove its folder."""
        self._clear(frozenset())
        shutil.rmtree(self._folder, ignore_errors=True)

    def _step(self) -> bool:
        left = self._deadline - time.monotonic()
        sources = [self._client, self._talk, self._desk]
        ready, _, _ = select.select(sources, [], [], max(0.0, left))
        if not ready:
            if left > 0:
                return True
            return self._report({"out_of_time": True})
        try:
            if self._client in ready:
                send(self._talk, receive(self._client))
                self._deadline = time.monotonic() + REPLAY_SECONDS
        except (Closed, Malformed):
            return False
        try:
            if self._desk in ready:
                self._serve(receive_data(self._desk))
            elif self._talk in ready:
                self._pass_on(receive(self._talk))
        except (Closed, Malformed):
            return self._report({"fault": UNJUDGED})
        return True

    def _pass_on(self, frame: bytes) -> None:
        send(self._client, frame)
        if b"report" in frame[:16]:
            self._reported = True
            self._deadline = time.monotonic() + REPLAY_SECONDS

    def _report(self, report: dict[str, Any]) -> bool:
        """End the judge; make the report that it no longer can."""
        self._clear(frozenset())
        if not self._reported:
            with contextlib.suppress(Closed):
                send_data(self._client, {"report": report})
        return False

    def _serve(self, order: dict[str, Any]) -> None:
        if "hire" in order:
            self._hire()
        else:
            ended = self._dismiss(int(order["dismiss"]), bool(order["gone"]))
            send_data(self._desk, {"ended": ended})

    def _fork_judge(
        self, worker: Ready, inherited: list[socket.socket]
    ) -> tuple[socket.socket, socket.socket, int]:
        talk, judges_talk = socket.socketpair()
        desk, judges_desk = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            agency = Desk(judges_desk, [worker])
            temporary = scratch(str(self._folder))
            _be_judge(self._be_judged, judges_talk, agency, temporary, [*inherited, talk, desk])
        judges_talk.close()
        judges_desk.close()
        return talk, desk, pid

    def _fork_worker(self) -> Ready:
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        home = scratch(str(self._folder))
        pid = os.fork()
        if pid == 0:
            _be_worker(theirs, writing, home)
        theirs.close()
        os.close(writing)
        self._workers.add(pid)
        return Ready(pid, ours, reading)

    def _hire(self) -> None:
        worker = self._fork_worker()
        socket.send_fds(self._desk, [b"+"], [worker.line.fileno(), worker.output])
        send_data(self._desk, {"pid": worker.pid})
        worker.line.close()
        os.close(worker.output)

    def _dismiss(self, pid: int, gone: bool) -> str:
        """End a worker and all strays; how it had ended by itself, or nothing."""
        status = _awaited(pid, LAST_WORDS if gone else 0.0)
        if status is None:
            end_session(pid)
            _awaited(pid, LAST_WORDS)
        self._workers.discard(pid)
        ours = frozenset({self._judge, *self._workers})
        if children(os.getpid()) - ours:
            self._clear(ours)
        return "" if status is None else ended_how(status)

    def _clear(self, spare: frozenset[int]) -> None:
        """End every process below this one but the spared."""
        if children(os.getpid()) - spare:
            end_tree(os.getpid(), spare | {os.getpid()})
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _awaited(pid: int, seconds: float) -> int | None:
    """The wait status of a child that ends within ``seconds``; None when it does not."""
    end = time.monotonic() + seconds
    while True:
        try:
            done, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            return 0
        if done:
            return status
        if time.monotonic() >= end:
            return None
        time.sleep(0.002)


def _be_judge(
    judge: Judge, talk: socket.socket, desk: Desk, temporary: str, others: list[socket.socket]
) -> None:
    """The life of a forked judge; it never returns."""
    from grader.engine.warmup import touch

    try:
        die_with_parent()
        for other in others:
            other.close()
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        if _has_time(talk):
            touch()
        judge(talk, desk, temporary)
    except Closed:
        pass
    except BaseException as error:  # a fault of ours, told rather than lost
        with contextlib.suppress(BaseException):
            send_data(talk, {"report": {"fault": f"{type(error).__name__}: {error}"}})
    finally:
        os._exit(0)


def _has_time(line: socket.socket) -> bool:
    """Whether nobody asks for a moment: what follows upon itself at once does not prepare."""
    return not select.select([line], [], [], MOMENT)[0]


def _be_worker(channel: socket.socket, output: int, home: str) -> None:
    """The life of a forked worker; it never returns."""
    from grader.engine.warmup import touch
    from grader.engine.worker import attend

    try:
        descriptor = seal(channel.fileno(), output)
        os.chdir(home)
        os.environ["TMPDIR"] = tempfile.tempdir = home
        line = socket.socket(fileno=descriptor)
        if _has_time(line):
            touch()
        attend(line)
        os._exit(0)
    finally:
        os._exit(UNABLE)
