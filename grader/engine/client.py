"""The command line's end of the engine: it starts a host, sends plans and hears reports.

This module imports neither torch nor pytest.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

from grader.engine.frames import Closed, Malformed, receive_data, send_data
from grader.engine.fresh import command, environment
from grader.engine.plan import Finding, Plan, Report
from grader.errors import GraderFault, GroundworkError

SLACK = 30.0
"""How much longer than its deadline a run may stay silent before it counts as lost."""

HOST = "grader.engine.host"
"""The module that is started as the host."""

Tell = Callable[[Finding], None]


class Abandoned(GroundworkError):
    """The run was ended from this side, because nobody waits for it any more."""


class Engine:
    """Where plans are run: a host that forks, or a cold process per run.

    Use it as a context manager; its processes end with it.
    """

    def __init__(self, cold: bool = False) -> None:
        self.cold = cold or not (hasattr(os, "fork") and hasattr(socket, "send_fds"))
        self._door: socket.socket | None = None
        self._host: subprocess.Popen[bytes] | None = None
        self._under_way: dict[socket.socket, Conducted] = {}

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._door is not None:
            self._door.close()
        if self._host is not None:
            try:
                self._host.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._host.kill()
                self._host.wait()
            if self._host.stderr is not None:
                self._host.stderr.close()

    def start(self) -> None:
        """Begin loading the host now, so that it is ready when a plan comes."""
        if self.cold or self._host is not None:
            return
        ours, theirs = socket.socketpair()
        self._host = subprocess.Popen(
            command(HOST, str(theirs.fileno())),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment(),
        )
        theirs.close()
        self._door = ours

    @contextlib.contextmanager
    def run(self, plan: Plan) -> Iterator[Conducted]:
        """Begin one run; its processes end with the context."""
        if self.cold:
            from grader.engine.cold import judge_apart

            with judge_apart() as channel, self._conducted(channel, plan) as conducted:
                yield conducted
            return
        with self._connect() as channel:
            try:
                with self._conducted(channel, plan) as conducted:
                    yield conducted
            except (GraderFault, Closed) as fault:
                raise GraderFault(f"{fault}{self._last_words()}") from fault

    def abandon(self) -> None:
        """End every run under way, from any thread: whoever waits for one gets ``Abandoned``."""
        for conducted in list(self._under_way.values()):
            conducted.abandon()

    @contextlib.contextmanager
    def _conducted(self, channel: socket.socket, plan: Plan) -> Iterator[Conducted]:
        conducted = self._under_way[channel] = Conducted(channel, plan)
        try:
            yield conducted
        finally:
            del self._under_way[channel]

    def _connect(self) -> socket.socket:
        self.start()
        assert self._door is not None
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._door, [b"+"], [theirs.fileno()])
            except OSError as error:
                raise GraderFault(f"the engine did not start{self._last_words()}") from error
        return ours

    def _last_words(self) -> str:
        """What the host said if it has ended, after a colon."""
        if self._host is None or self._host.stderr is None:
            return ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._host.wait(timeout=1)
            said = self._host.stderr.read().decode(errors="replace").strip()
            return f": {said[-800:]}" if said else ""
        return ""


class Conducted:
    """One run under way."""

    def __init__(self, channel: socket.socket, plan: Plan) -> None:
        self._channel, self._plan = channel, plan
        self._abandoned = False
        channel.settimeout(plan.seconds + SLACK)
        send_data(channel, {"plan": plan.data()})

    def report(self, tell: Tell = lambda finding: None) -> Report:
        """Hear the findings as they come, then the whole."""
        findings: list[Finding] = []
        while True:
            said = self._heard()
            if "finding" in said:
                findings.append(Finding(**said["finding"]))
                tell(findings[-1])
            elif "report" in said:
                return Report(tuple(findings), **said["report"])
            else:
                raise GraderFault(f"the engine said something unknown: {sorted(said)}")

    def evidence(self, reference: str, mistakes: dict[str, str]) -> dict[str, dict[str, bool]]:
        """Per mistake and failed check, whether it gives the same wrong answers."""
        try:
            send_data(self._channel, {"replay": {"reference": reference, "mistakes": mistakes}})
            evidence: dict[str, dict[str, bool]] = self._heard().get("evidence", {})
        except (GraderFault, Closed):
            return {}
        return evidence

    def abandon(self) -> None:
        """End the run; who waits for it gets ``Abandoned``."""
        self._abandoned = True
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)

    def _heard(self) -> dict[str, Any]:
        try:
            return receive_data(self._channel)
        except TimeoutError as error:
            raise GraderFault("the grader's engine went silent") from error
        except (Closed, Malformed) as error:
            if self._abandoned:
                raise Abandoned("the run was given up") from error
            raise GraderFault(f"the grader's engine broke off: {error}") from error
