"""The command line's end of grading: it sends plans and receives reports.

This module imports neither torch nor pytest.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from grader.base.errors import GraderFault, GroundworkError
from grader.grading.host.discovery import (
    NoHost,
    Stranger,
    connect,
    is_supported,
    read_last_words,
)
from grader.grading.host.peer import Peer
from grader.grading.protocol.frames import (
    ConnectionClosed,
    MalformedData,
    receive_data,
    send_data,
)
from grader.grading.protocol.notices import StepNotice
from grader.grading.protocol.plan import PATIENCE, Finding, Plan, Report

DIAGNOSIS_SECONDS = 2.0
"""So long an explanation is computed after the verdict: a known mistake, then relations."""
SLACK = 30.0
"""How much longer than its deadline a run may stay silent before it counts as lost."""
TRIES = 3
"""So often a run is begun, when its processes are killed."""

ShowFinding = Callable[[Finding], None]
ShowNotice = Callable[[str], None]
ShowSteps = Callable[[StepNotice], None]


class RunAbandoned(GroundworkError):
    """The run was ended from this side, because nobody waits for it any more."""


class Engine:
    """Where plans are run: the warm grader, or fresh processes where there can be none.

    The warm grader outlives this object; what runs on behalf of it ends with it.
    """

    def __init__(self, cold: bool = False, notice: ShowNotice = lambda text: None) -> None:
        """``notice`` receives, in a line, what makes this first run slow."""
        self.cold, self._notice = cold, notice
        self._under_way: set[Run] = set()
        if not cold and not is_supported():
            self._fall_back("This system cannot fork")

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *exception: object) -> None:
        self.abandon()

    def start(self) -> None:
        """See to it that the warm grader is there or on its way, so that it is ready in time."""
        with contextlib.suppress(NoHost):
            self.connect().close()

    def connect(self, met: set[Peer] | None = None) -> socket.socket:
        """Return a connection to the warm grader; ``NoHost`` when this engine is or turns cold.

        ``met`` are the hosts that a run has met before, for the run to meet no other.
        """
        if self.cold:
            raise NoHost("this engine is cold")
        try:
            channel, started = connect(met)
        except Stranger as reason:
            self._notice(f"{reason}; this run uses new processes.")
            raise
        except NoHost as reason:
            self._fall_back(str(reason))
            raise
        if started:
            self._notice("Loading torch and pytest, once; later runs start immediately.")
        return channel

    @contextlib.contextmanager
    def run(self, plan: Plan) -> Iterator[Run]:
        """Begin one run; its processes end with the context."""
        with contextlib.ExitStack() as stack:
            run = Run(self, plan, stack)
            self._under_way.add(run)
            try:
                yield run
            finally:
                self._under_way.discard(run)

    def abandon(self) -> None:
        """End every run under way, from any thread: whoever waits for one gets ``RunAbandoned``."""
        for run in list(self._under_way):
            run.abandon()

    def _fall_back(self, reason: str) -> None:
        if not self.cold:
            self.cold = True
            self._notice(f"{reason}; each run starts new processes, which is slower.")


class Run:
    """One run under way. When its processes are killed it is begun again, a few times.

    When a worker alone was killed, it is begun again once. Nothing else is a reason: a run has no
    effect but its report, which is recorded on this side and after it, so a second beginning
    records nothing twice.
    """

    def __init__(self, engine: Engine, plan: Plan, stack: contextlib.ExitStack) -> None:
        self._engine, self._plan, self._stack = engine, plan, stack
        self._tries, self._abandoned, self._repeated = TRIES, False, False
        self._met: set[Peer] = set()
        self._channel = self._begin()

    def collect_report(
        self,
        show: ShowFinding = lambda finding: None,
        show_steps: ShowSteps = lambda notice: None,
    ) -> Report:
        """Receive the findings as they come, then the whole.

        After a new beginning ``show`` gets them from the first. ``show_steps`` is given how far a
        training run of the learner's code is, up to ten times a second.
        """
        while True:
            try:
                report = self._receive_report(show, show_steps)
            except ConnectionClosed as closed:
                self._begin_again(closed)
                continue
            if not self._tries or not self._is_lost(report):
                return report
            self._begin_again(ConnectionClosed(report.fault))

    def collect_evidence(
        self,
        reference: str,
        mistakes: Mapping[str, Sequence[str]],
        seconds: float = DIAGNOSIS_SECONDS,
    ) -> dict[str, dict[str, bool]]:
        """Return per mistake and check whether a spelling of it gives the same answers.

        The mistakes are asked in their order, for ``seconds`` of computing. Nothing when the
        engine cannot say: the verdict stands without an explanation.
        """
        texts = {name: list(spellings) for name, spellings in mistakes.items()}
        request = {"reference": reference, "mistakes": texts, "seconds": seconds}
        answer = self._ask_why("replay", request, seconds)
        evidence: dict[str, dict[str, bool]] = answer.get("evidence", {})
        return evidence

    def collect_relations(
        self, reference: str, seconds: float = DIAGNOSIS_SECONDS
    ) -> tuple[str, ...]:
        """Return what is measurably so of the wrong answers, each in one sentence.

        The reference and the learner's code are asked further questions for ``seconds`` of
        computing, less what ``collect_evidence`` took. Nothing when the engine cannot say.
        """
        answer = self._ask_why("relate", {"reference": reference, "seconds": seconds}, seconds)
        return tuple(str(sentence) for sentence in answer.get("relations", ()))

    def _ask_why(self, kind: str, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Ask the judge about the answers of the run; nothing when it does not say."""
        try:
            # The supervisor allows as much again for the reference's own answers.
            self._channel.settimeout(PATIENCE * seconds + 2 * SLACK)
            send_data(self._channel, {kind: request})
            return self._receive()
        except (ConnectionClosed, GraderFault):
            if self._abandoned:
                raise RunAbandoned("the run was cancelled") from None
            # The verdict is there; for an explanation alone no run is begun again.
            return {}

    def abandon(self) -> None:
        """End the run; who waits for it gets ``RunAbandoned``."""
        self._abandoned = True
        # Shut down, not closed: a thread that waits in recv wakes up with the end of the data,
        # where a descriptor closed under it could be another file's by then.
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)

    def _is_lost(self, report: Report) -> bool:
        """Return whether a report says more about this machine than about the learner's code.

        A worker is killed from outside by who ends processes, or by the system for want of memory.
        A code that ends itself in that way, or takes all memory, does so the next time too.
        """
        if report.judge_lost:
            return True
        again, self._repeated = report.worker_killed and not self._repeated, True
        return again

    def _begin(self) -> socket.socket:
        """Return a channel to a run that has the plan."""
        self._tries -= 1
        try:
            channel = self._stack.enter_context(self._engine.connect(self._met))
        except NoHost:
            from grader.grading.host.spawned import spawn_judge

            channel = self._stack.enter_context(spawn_judge())
        # The supervisor keeps the deadlines. This one is for a supervisor that is stuck, so it
        # leaves the time for a host that is only starting.
        channel.settimeout(self._plan.seconds + SLACK)
        with contextlib.suppress(ConnectionClosed):  # who waits for the report will meet it again
            send_data(channel, {"plan": self._plan.to_data()})
        return channel

    def _begin_again(self, closed: ConnectionClosed) -> None:
        if self._abandoned:
            raise RunAbandoned("the run was cancelled") from closed
        if not self._tries:
            ended = f"the grader's process ended unexpectedly{read_last_words()}"
            raise GraderFault(ended) from closed
        self._channel.close()
        self._channel = self._begin()

    def _receive_report(self, show: ShowFinding, show_steps: ShowSteps) -> Report:
        findings: list[Finding] = []
        while True:
            message = self._receive()
            if "finding" in message:
                findings.append(Finding(**message["finding"]))
                show(findings[-1])
            elif "steps" in message:
                show_steps(StepNotice(**message["steps"]))
            elif "report" in message:
                return Report(tuple(findings), **message["report"])
            else:
                raise GraderFault(
                    f"the grader's process sent an unknown message, {sorted(message)}"
                )

    def _receive(self) -> dict[str, Any]:
        try:
            return receive_data(self._channel)
        except TimeoutError as error:
            raise GraderFault("the grader's process stopped responding") from error
        except MalformedData as error:
            raise GraderFault(f"the grader's process sent invalid data: {error}") from error
