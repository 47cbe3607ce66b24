"""The command line's end of the engine: it sends plans and hears reports.

This module imports neither torch nor pytest.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any

from grader.engine.door import NoDoor, connect, last_words, possible
from grader.engine.frames import Closed, Malformed, receive_data, send_data
from grader.engine.plan import UNJUDGED, Finding, Plan, Report
from grader.errors import GraderFault, GroundworkError

SLACK = 30.0
"""How much longer than its deadline a run may stay silent before it counts as lost."""
TRIES = 3
"""So often a run is begun, when its processes are killed."""

Tell = Callable[[Finding], None]
Notice = Callable[[str], None]


class Abandoned(GroundworkError):
    """The run was ended from this side, because nobody waits for it any more."""


class Engine:
    """Where plans are run: the warm grader, or fresh processes where there can be none.

    The warm grader outlives this object; what runs on behalf of it ends with it.
    """

    def __init__(self, cold: bool = False, notice: Notice = lambda text: None) -> None:
        """``notice`` hears, in a line, what makes this first run slow."""
        self.cold, self._notice = cold, notice
        self._under_way: set[Conducted] = set()
        if not cold and not possible():
            self._fall_back("This system cannot fork")

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *exception: object) -> None:
        self.abandon()

    def start(self) -> None:
        """See to it that the warm grader is there or on its way, so that it is ready in time."""
        with contextlib.suppress(NoDoor):
            self.connect().close()

    def connect(self) -> socket.socket:
        """A connection to the warm grader; ``NoDoor`` when this engine is cold or becomes so."""
        if self.cold:
            raise NoDoor("this engine is cold")
        try:
            channel, started = connect()
        except NoDoor as reason:
            self._fall_back(str(reason))
            raise
        if started:
            self._notice("Loading torch and pytest, once; later runs begin at once.")
        return channel

    @contextlib.contextmanager
    def run(self, plan: Plan) -> Iterator[Conducted]:
        """Begin one run; its processes end with the context."""
        with contextlib.ExitStack() as stack:
            conducted = Conducted(self, plan, stack)
            self._under_way.add(conducted)
            try:
                yield conducted
            finally:
                self._under_way.discard(conducted)

    def abandon(self) -> None:
        """End every run under way, from any thread: whoever waits for one gets ``Abandoned``."""
        for conducted in list(self._under_way):
            conducted.abandon()

    def _fall_back(self, reason: str) -> None:
        if not self.cold:
            self.cold = True
            self._notice(f"{reason}; each run starts afresh, which is slower.")


class Conducted:
    """One run under way. When its processes are killed it is begun again, a few times."""

    def __init__(self, engine: Engine, plan: Plan, stack: contextlib.ExitStack) -> None:
        self._engine, self._plan, self._stack = engine, plan, stack
        self._tries, self._abandoned = TRIES, False
        self._channel = self._begun()

    def report(self, tell: Tell = lambda finding: None) -> Report:
        """Hear the findings as they come, then the whole.

        After a new beginning ``tell`` hears them from the first.
        """
        while True:
            try:
                report = self._reported(tell)
            except Closed as closed:
                self._begin_again(closed)
                continue
            if report.fault != UNJUDGED or not self._tries:
                return report
            self._begin_again(Closed(report.fault))

    def evidence(self, reference: str, mistakes: dict[str, str]) -> dict[str, dict[str, bool]]:
        """Per mistake and failed check, whether it gives the same wrong answers."""
        asked = {"replay": {"reference": reference, "mistakes": mistakes}}
        while True:
            try:
                send_data(self._channel, asked)
                evidence: dict[str, dict[str, bool]] = self._heard().get("evidence", {})
                return evidence
            except Closed as closed:
                try:
                    self._begin_again(closed)
                    self.report()
                except GraderFault:
                    return {}
            except GraderFault:
                return {}

    def abandon(self) -> None:
        """End the run; who waits for it gets ``Abandoned``."""
        self._abandoned = True
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)

    def _begun(self) -> socket.socket:
        """A channel to a run that has the plan."""
        self._tries -= 1
        try:
            channel = self._stack.enter_context(self._engine.connect())
        except NoDoor:
            from grader.engine.cold import judge_apart

            channel = self._stack.enter_context(judge_apart())
        channel.settimeout(self._plan.seconds + SLACK)
        with contextlib.suppress(Closed):  # who listens for the report will meet it again
            send_data(channel, {"plan": self._plan.data()})
        return channel

    def _begin_again(self, closed: Closed) -> None:
        if self._abandoned:
            raise Abandoned("the run was given up") from closed
        if not self._tries:
            raise GraderFault(f"the grader's engine broke off{last_words()}") from closed
        self._channel.close()
        self._channel = self._begun()

    def _reported(self, tell: Tell) -> Report:
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

    def _heard(self) -> dict[str, Any]:
        try:
            return receive_data(self._channel)
        except TimeoutError as error:
            raise GraderFault("the grader's engine went silent") from error
        except Malformed as error:
            raise GraderFault(f"the grader's engine said no data: {error}") from error
