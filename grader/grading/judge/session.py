"""A judged session of pytest: opened before its plan is known, run when the plan comes.

Opening is what pytest does before it collects. It is done once in the host, and each judge is a
fork that goes on from there.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from grader.grading.judge.conversation import Conversation
from grader.grading.judge.fixtures import Fixtures
from grader.grading.judge.reporter import Reporter
from grader.grading.judge.workers import WorkerFactory
from grader.grading.protocol.frames import (
    ConnectionClosed,
    is_writable,
    receive_data,
    send_data,
)
from grader.grading.protocol.notices import StepNotice
from grader.grading.protocol.plan import Finding, Plan

SETTINGS = Path(__file__).with_name("checks.ini")
UNUSED = (
    *("cacheprovider", "terminal", "unraisableexception", "threadexception", "faulthandler"),
    *("logging", "warnings", "doctest", "junitxml", "pastebin", "stepwise", "unittest"),
    *("setuponly", "setupplan", "legacypath"),
)
"""Plugins of pytest's own that no check needs and each check would pay for."""
STEPS_SECONDS = 0.1
"""No more often than this it is passed on how far a training run is."""


class JudgeSession:
    """A pytest plugin: the session stays open until somebody runs a plan in it."""

    def __init__(self, opened: Callable[[JudgeSession], None]) -> None:
        """``opened`` is called with the open session, which ends with the call."""
        self._opened = opened
        self._session: pytest.Session | None = None
        self._channel: socket.socket
        self._steps_at = -STEPS_SECONDS
        self.plan: Plan
        self.conversation: Conversation
        self.reporter = Reporter(self)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        """Hand the open session over; what is done with it is done before this returns.

        True: nothing else is to be collected. None, to ``run_plan``: pytest's own way.
        """
        # This hook is called twice: by pytest, which stops here in the host, and by run_plan in
        # the fork, which goes on from the very same place to a collection that is pytest's own.
        if self._session is not None:
            return None
        # A finding is made from the error itself. Pytest would first read and parse every file on
        # the error's way, for words that nobody sees. (--tb is an option of the terminal plugin.)
        session.config.option.tbstyle = "no"
        self._session = session
        self._opened(self)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Pass over whatever lies beside the check file without a closer look."""
        on_the_way = self._session is None or self.plan.check_file.startswith(str(collection_path))
        return None if on_the_way else True

    def run_plan(self, channel: socket.socket, workers: WorkerFactory) -> None:
        """Receive the plan, collect its check file and nothing else, and run the checks."""
        session = self._session
        assert session is not None
        self._channel = channel
        self.plan = Plan.from_data(receive_data(channel)["plan"])
        self.conversation = Conversation(workers, self.plan, follow=self._send_steps)
        session.config.args = [self.plan.check_file]
        # Else each folder above the file is looked through for a package: /tmp may hold thousands.
        session.config._rootpath = Path(self.plan.check_file).parent
        try:
            session.config.hook.pytest_collection(session=session)
            session.config.hook.pytest_runtestloop(session=session)
        except (session.Interrupted, session.Failed, pytest.UsageError) as error:
            self.reporter.fault = self.reporter.fault or f"{self.plan.check_file}: {error}"
        if not session.testscollected and not self.reporter.fault:
            self.reporter.fault = f"there are no checks in {self.plan.check_file}"

    def send_finding(self, finding: Finding) -> None:
        """Pass a finding on at once."""
        send_data(self._channel, {"finding": asdict(finding)})

    def _send_steps(self, notice: StepNotice) -> None:
        """Pass on how far a training run is: not too often, and only if that costs no waiting."""
        now = time.monotonic()
        if now - self._steps_at >= STEPS_SECONDS and is_writable(self._channel):
            self._steps_at = now
            with contextlib.suppress(ConnectionClosed):  # it is not the worker that is gone
                send_data(self._channel, {"steps": asdict(notice)})


def open_session(opened: Callable[[JudgeSession], None]) -> None:
    """Open a pytest session, sealed off from settings and plugins, and hand it over."""
    # A learner's PYTEST_ADDOPTS could deselect the checks, and an installed plugin could rewrite
    # their reports: neither has a say in a verdict. Nor have files: --noconftest, and settings
    # named with -c, since pytest would look for them in the folders above the checks.
    for name in [name for name in os.environ if name.startswith(("PYTEST", "PY_COLORS"))]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # Check files are rewritten by pytest and would be kept compiled beside them, in a folder that
    # the course's authors own.
    sys.dont_write_bytecode = True
    session = JudgeSession(opened)
    fixtures = Fixtures(lambda path: session.conversation, lambda: session.plan.seed)
    pytest.main(
        [
            f"--rootdir={SETTINGS.parent}",
            "--noconftest",
            "--import-mode=importlib",  # two units may each have a check file of one name
            "--capture=no",  # the judge's output goes nowhere, and capturing costs each check
            *("-c", str(SETTINGS)),
            *(word for name in UNUSED for word in ("-p", f"no:{name}")),
        ],
        plugins=[fixtures, session.reporter, session],
    )
