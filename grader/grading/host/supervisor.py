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
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader.grading.host.forked import ForkingFactory, WaitingWorker
from grader.grading.host.roles import JudgeMain, run_forked_judge, run_forked_worker
from grader.grading.judge.workers import WorkerEnd
from grader.grading.protocol.frames import (
    ConnectionClosed,
    MalformedData,
    is_writable,
    receive_data,
    send_data,
)
from grader.grading.protocol.plan import PATIENCE, Plan
from grader.grading.system.processes import (
    describe_end,
    end_session,
    end_tree,
    is_killed,
    list_children,
    make_scratch_folder,
)

REPLAY_SECONDS = 30.0
"""So much longer than asked a replay may take: the reference answers before its time begins."""
LAST_SECONDS = 0.5
"""How long a process that broke off may take to end by itself, in seconds."""
JUDGE_LOST = {"fault": "the judge's process ended before its report", "judge_lost": True}


class Supervisor:
    """One run's supervisor, in a process of its own.

    Its judge and first worker are forked at once, so that they are ready when a plan comes.
    """

    def __init__(self, judge: JudgeMain, folder: Path, inherited: list[socket.socket]) -> None:
        """``inherited`` are sockets that neither judge nor worker is to keep open."""
        folder.mkdir(parents=True)
        self._judge_main, self._folder, self._reported = judge, folder, False
        self._deadline = 0.0
        self._workers: set[int] = set()
        # The worker first: it has no descriptor of the judge's, since there are none yet, and the
        # judge inherits the worker's. Forked the other way round the worker's ends would have to
        # be passed to the judge.
        worker = self._fork_worker()
        self._to_judge, self._orders, self._judge = self._fork_judge(worker, inherited)
        # Our copies of the worker's ends, which the judge has now. While we held one too, neither
        # side would see the other hang up.
        worker.channel.close()
        os.close(worker.output)

    def supervise(self, client: socket.socket, request: dict[str, Any]) -> None:
        """Serve one client until it hangs up or the judge is gone."""
        self._client = client
        self._deadline = time.monotonic() + Plan.from_data(request["plan"]).seconds
        try:
            send_data(self._to_judge, request)
            while self._step():
                pass
        except ConnectionClosed:
            self._report(JUDGE_LOST)

    def end(self) -> None:
        """End every process of this run and remove its folder."""
        self._end_all(frozenset())
        shutil.rmtree(self._folder, ignore_errors=True)

    def _step(self) -> bool:
        """Wait for the next message and pass it on; return whether the run goes on."""
        left = self._deadline - time.monotonic()
        sources = [self._client, self._to_judge, self._orders]
        ready, _, _ = select.select(sources, [], [], max(0.0, left))
        if not ready:
            if left > 0:  # select may return early
                return True
            return self._report({"out_of_time": True})
        # The client first: when it has hung up, nobody waits for what the judge would send.
        try:
            if self._client in ready:
                request = receive_data(self._client)
                (asked,) = request.values()
                self._deadline = time.monotonic() + PATIENCE * asked["seconds"] + REPLAY_SECONDS
                send_data(self._to_judge, request)
        except (ConnectionClosed, MalformedData):
            return False
        try:
            # Orders before messages: a judge that waits for a worker sends nothing else.
            if self._orders in ready:
                self._serve(receive_data(self._orders))
            elif self._to_judge in ready:
                self._pass_on(receive_data(self._to_judge))
        except (ConnectionClosed, MalformedData):
            return self._report(JUDGE_LOST)
        return True

    def _pass_on(self, message: dict[str, Any]) -> None:
        if "steps" in message and not is_writable(self._client):
            return  # a client that was stopped must not keep us from the deadline
        send_data(self._client, message)
        if "report" in message:
            # The learner has the verdict; a replay may still be asked for, in its own time.
            self._reported = True
            self._deadline = time.monotonic() + REPLAY_SECONDS

    def _report(self, report: dict[str, Any]) -> bool:
        """End the judge; make the report that it no longer can."""
        # Ended first, so that a judge which is only late cannot send a second report.
        self._end_all(frozenset())
        if not self._reported:
            with contextlib.suppress(ConnectionClosed):
                send_data(self._client, {"report": report})
        return False

    def _serve(self, order: dict[str, Any]) -> None:
        """Do what the judge orders: fork a worker or end one."""
        if "start" in order:
            self._hand_over_worker()
        else:
            ended = self._end_worker(int(order["end"]), bool(order["gone"]))
            send_data(self._orders, {"ended": asdict(ended)})

    def _fork_judge(
        self, worker: WaitingWorker, inherited: list[socket.socket]
    ) -> tuple[socket.socket, socket.socket, int]:
        # Two channels, so that orders and their answers cannot get between the messages that are
        # passed on to the client.
        to_judge, to_client = socket.socketpair()
        orders, supervisor = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            workers = ForkingFactory(supervisor, [worker])
            temporary = make_scratch_folder(str(self._folder))
            others = [*inherited, to_judge, orders]
            run_forked_judge(self._judge_main, to_client, workers, temporary, others)
        to_client.close()
        supervisor.close()
        return to_judge, orders, pid

    def _fork_worker(self) -> WaitingWorker:
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        home = make_scratch_folder(str(self._folder))
        pid = os.fork()
        if pid == 0:
            run_forked_worker(theirs, writing, home)
        theirs.close()
        os.close(writing)
        self._workers.add(pid)
        return WaitingWorker(pid, ours, reading)

    def _hand_over_worker(self) -> None:
        """Fork a worker and send its ends to the judge, which is a process of its own by now."""
        worker = self._fork_worker()
        socket.send_fds(self._orders, [b"+"], [worker.channel.fileno(), worker.output])
        send_data(self._orders, {"pid": worker.pid})
        worker.channel.close()
        os.close(worker.output)

    def _end_worker(self, pid: int, gone: bool) -> WorkerEnd:
        """End a worker and all that it has left; return how it had ended by itself, or nothing."""
        # One that hung up is on its way out and may be waited for: how it ended (a signal, an
        # exit code) is what the learner wants to know. One that is merely silent is killed, and
        # how it ends then says nothing.
        status = _wait_for(pid, LAST_SECONDS if gone else 0.0)
        if status is None:
            end_session(pid)
            _wait_for(pid, LAST_SECONDS)
        self._workers.discard(pid)
        # What the worker started has us for a parent, now that the worker is gone.
        ours = frozenset({self._judge, *self._workers})
        if list_children(os.getpid()) - ours:
            self._end_all(ours)
        if status is None:
            return WorkerEnd()
        return WorkerEnd(describe_end(status), is_killed(status))

    def _end_all(self, keep: frozenset[int]) -> None:
        """End every process below this one but those to keep."""
        if list_children(os.getpid()) - keep:
            end_tree(os.getpid(), keep | {os.getpid()})
        # Wait for each, so that none stays a zombie, which would count as a child for ever.
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _wait_for(pid: int, seconds: float) -> int | None:
    """Return the wait status of a child that ends within ``seconds``; None when it does not."""
    end = time.monotonic() + seconds
    while True:
        try:
            done, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:  # somebody has waited for it already
            return 0
        if done:
            return status
        if time.monotonic() >= end:
            return None
        time.sleep(0.002)
