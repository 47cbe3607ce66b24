"""A judged session: opened before its plan is known, held when the plan comes.

Opening is what pytest does before it collects. It is done once in the host, and each judge is a
fork that goes on from there.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from grader.engine.conversation import Agency, Conversation
from grader.engine.fixtures import Fixtures
from grader.engine.frames import receive_data, send_data
from grader.engine.plan import Finding, Plan
from grader.engine.reporter import Reporter

SETTINGS = Path(__file__).with_name("checks.ini")
UNUSED = (
    *("cacheprovider", "terminal", "unraisableexception", "threadexception", "faulthandler"),
    *("logging", "warnings", "doctest", "junitxml", "pastebin", "stepwise", "unittest"),
    *("setuponly", "setupplan", "legacypath"),
)
"""Plugins of pytest's own that no check needs and each check would pay for."""


class Sitting:
    """A pytest plugin: the session stays open until somebody holds it."""

    def __init__(self, opened: Callable[[Sitting], None]) -> None:
        self._opened = opened
        self._session: pytest.Session | None = None
        self._channel: socket.socket
        self.plan: Plan
        self.conversation: Conversation
        self.reporter = Reporter(self)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        """The session is open; what is done with it is done before this returns.

        True: nothing else is to be collected. None, to ``hold``: pytest's own way.
        """
        if self._session is not None:
            return None
        self._session = session
        self._opened(self)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Whatever lies beside the check file is passed over without a closer look."""
        on_the_way = self._session is None or self.plan.check_file.startswith(str(collection_path))
        return None if on_the_way else True

    def hold(self, channel: socket.socket, agency: Agency) -> None:
        """Hear the plan, collect its check file and nothing else, and run the checks."""
        session = self._session
        assert session is not None
        self._channel = channel
        self.plan = Plan.of(receive_data(channel)["plan"])
        self.conversation = Conversation(agency, self.plan)
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

    def tell(self, finding: Finding) -> None:
        """Pass a finding on at once."""
        send_data(self._channel, {"finding": asdict(finding)})


def open_session(opened: Callable[[Sitting], None]) -> None:
    """Open a pytest session, sealed off from settings and plugins, and hand it over."""
    for name in [name for name in os.environ if name.startswith(("PYTEST", "PY_COLORS"))]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    sitting = Sitting(opened)
    fixtures = Fixtures(lambda path: sitting.conversation, lambda: sitting.plan.seed)
    pytest.main(
        [
            f"--rootdir={SETTINGS.parent}",
            "--noconftest",
            "--import-mode=importlib",
            "--capture=no",
            *("-c", str(SETTINGS)),
            *(word for name in UNUSED for word in ("-p", f"no:{name}")),
        ],
        plugins=[fixtures, sitting.reporter, sitting],
    )
