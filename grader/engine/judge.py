"""The judge: pytest runs the checks here, and every question goes to a worker elsewhere.

The judge never imports the learner's file. It tells findings as they come, then a report; if
it is asked to, it replays the failed checks against the mistakes.
"""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from grader.engine.conversation import Agency, Conversation
from grader.engine.fixtures import Fixtures
from grader.engine.frames import Closed, receive_data, send_data
from grader.engine.plan import Finding, Plan
from grader.engine.replay import Replay
from grader.engine.reporter import Reporter
from grader.engine.transcript import Page

SETTINGS = Path(__file__).with_name("checks.ini")
REPLAY_SECONDS = 5.0


def judge(channel: socket.socket, plan: Plan, agency: Agency) -> None:
    """Run the plan's checks, tell what was found, then answer for a replay until hung up on."""

    def tell(finding: Finding) -> None:
        send_data(channel, {"finding": asdict(finding)})

    conversation = Conversation(agency, plan.source.text, plan.call_seconds)
    reporter = Reporter(conversation, plan.source, tell)
    run_checks(plan, conversation, reporter)
    conversation.close()
    send_data(
        channel,
        {"report": {"fault": reporter.fault, "load_error": conversation.unloadable}},
    )
    failed = [finding.name for finding in reporter.findings if finding.status == "failed"]
    answer_replays(channel, agency, reporter.pages, failed)


def answer_replays(
    channel: socket.socket, agency: Agency, pages: dict[str, Page], failed: list[str]
) -> None:
    """Replay the checks against the sources sent, until the other side hangs up."""
    try:
        while True:
            asked: dict[str, Any] = receive_data(channel)["replay"]
            replay = Replay(agency, pages, failed, REPLAY_SECONDS)
            evidence = replay.evidence(asked["reference"], asked["mistakes"])
            send_data(channel, {"evidence": evidence})
    except Closed:
        return


def run_checks(plan: Plan, conversation: Conversation, reporter: Reporter) -> None:
    """One pytest session over the plan's check file, sealed off from settings and plugins."""
    for name in [name for name in os.environ if name.startswith(("PYTEST", "PY_COLORS"))]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    root = Path(plan.check_file).parents[2]
    code = pytest.main(
        [
            str(plan.check_file),
            f"--rootdir={root}",
            "--noconftest",
            "--import-mode=importlib",
            "--capture=no",
            *("-c", str(SETTINGS)),
            *("-p", "no:cacheprovider"),
            *("-p", "no:terminal"),
            *("-p", "no:unraisableexception"),
            *("-p", "no:threadexception"),
            *("-p", "no:faulthandler"),
        ],
        plugins=[Fixtures(lambda path: conversation, plan.seed), reporter],
    )
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not reporter.fault:
        reporter.fault = f"pytest ended with {code!r} on {plan.check_file}"
