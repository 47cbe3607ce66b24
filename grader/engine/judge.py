"""The judge: pytest runs the checks here, and every question goes to a worker elsewhere.

The judge never imports the learner's file. It tells findings as they come, then a report; if
it is asked to, it replays the failed checks against the mistakes.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.engine.conversation import Agency
from grader.engine.fixtures import Fixtures
from grader.engine.frames import Closed, receive_data, send_data
from grader.engine.replay import Replay
from grader.engine.reporter import Reporter
from grader.engine.sitting import Sitting

SETTINGS = Path(__file__).with_name("checks.ini")
REPLAY_SECONDS = 5.0
UNUSED = (
    *("cacheprovider", "terminal", "unraisableexception", "threadexception", "faulthandler"),
    *("logging", "warnings", "doctest", "junitxml", "pastebin", "stepwise", "unittest"),
    *("setuponly", "setupplan", "legacypath"),
)
"""Plugins of pytest's own that no check needs and each check would pay for."""


def judge(channel: socket.socket, agency: Agency, temporary: Path) -> None:
    """Hear a plan, run its checks, tell what was found, then answer for replays.

    ``temporary`` is a folder for what checks write. Nothing of the learner's is loaded here.
    """
    sitting = Sitting(channel, agency)
    reporter = Reporter(sitting)
    code = run_checks(sitting, reporter, temporary)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not reporter.fault:
        reporter.fault = f"pytest ended with {code!r} on {sitting.plan.check_file}"
    unloadable = sitting.conversation.unloadable
    send_data(channel, {"report": {"fault": reporter.fault, "load_error": unloadable}})
    sitting.conversation.close()
    failed = [finding.name for finding in reporter.findings if finding.status == "failed"]
    replay = Replay(agency, sitting.plan, reporter.pages, failed, REPLAY_SECONDS)
    answer_replays(channel, replay)


def answer_replays(channel: socket.socket, replay: Replay) -> None:
    """Replay the checks against the sources sent, until the other side hangs up."""
    try:
        while True:
            asked: dict[str, Any] = receive_data(channel)["replay"]
            evidence = replay.evidence(asked["reference"], asked["mistakes"])
            send_data(channel, {"evidence": evidence})
    except Closed:
        return


def run_checks(sitting: Sitting, reporter: Reporter, temporary: Path) -> int:
    """One pytest session over the plan's check file, sealed off from settings and plugins."""
    for name in [name for name in os.environ if name.startswith(("PYTEST", "PY_COLORS"))]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    return pytest.main(
        [
            f"--rootdir={SETTINGS.parent}",
            f"--basetemp={temporary}",
            "--noconftest",
            "--import-mode=importlib",
            "--capture=no",
            *("-c", str(SETTINGS)),
            *(word for name in UNUSED for word in ("-p", f"no:{name}")),
        ],
        plugins=[
            Fixtures(lambda path: sitting.conversation, lambda: sitting.plan.seed),
            reporter,
            sitting,
        ],
    )
