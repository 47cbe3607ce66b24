"""The judge: pytest runs the checks here, and every question goes to a worker elsewhere.

The judge never imports the learner's file. It tells findings as they come, then a report; if
it is asked to, it replays the failed checks against the mistakes.
"""

from __future__ import annotations

import socket
import tempfile
from typing import Any

from grader.engine.conversation import Agency
from grader.engine.frames import Closed, receive_data, send_data
from grader.engine.replay import Replay
from grader.engine.sitting import Sitting

REPLAY_SECONDS = 5.0


def judge(sitting: Sitting, channel: socket.socket, agency: Agency, folder: str) -> None:
    """Hear a plan, run its checks, tell what was found, then answer for replays.

    ``folder`` is for what checks write. Nothing of the learner's is loaded here.
    """
    tempfile.tempdir = folder
    sitting.hold(channel, agency)
    reporter, unloadable = sitting.reporter, sitting.conversation.unloadable
    send_data(channel, {"report": {"fault": reporter.fault, "load_error": unloadable}})
    sitting.conversation.close()
    failed = [finding.name for finding in reporter.findings if finding.status == "failed"]
    answer_replays(channel, Replay(agency, sitting.plan, reporter.pages, failed, REPLAY_SECONDS))


def answer_replays(channel: socket.socket, replay: Replay) -> None:
    """Replay the checks against the sources sent, until the other side hangs up."""
    try:
        while True:
            asked: dict[str, Any] = receive_data(channel)["replay"]
            evidence = replay.evidence(asked["reference"], asked["mistakes"])
            send_data(channel, {"evidence": evidence})
    except Closed:
        return
