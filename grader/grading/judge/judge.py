"""The judge: pytest runs the checks here, and every question goes to a worker elsewhere.

The judge never imports the learner's file. It sends findings as they come, then a report; if
it is asked to, it replays the failed checks against the mistakes.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from typing import Any

from grader.grading.judge.conversation import Conversation
from grader.grading.judge.replay import Replay
from grader.grading.judge.session import JudgeSession
from grader.grading.judge.workers import WorkerFactory
from grader.grading.protocol.frames import ConnectionClosed, receive_data, send_data
from grader.grading.protocol.transcript import Transcript

REPLAY_SECONDS = 5.0
"""Deadline for one question of a replay."""


def run_judge(
    session: JudgeSession, channel: socket.socket, workers: WorkerFactory, folder: str
) -> None:
    """Receive a plan, run its checks, send what was found, then answer for replays.

    ``folder`` is for what checks write. Nothing of the learner's is loaded here.
    """
    tempfile.tempdir = folder
    # Compiled files are looked for below a device, where nobody can put any: one that the
    # learner's code has left beside a check file would be run in the check file's place.
    sys.pycache_prefix = os.devnull
    session.run_plan(channel, workers)
    reporter = session.reporter
    report = {
        "fault": reporter.fault,
        "broken_check": reporter.broken_check,
        "load_error": session.conversation.unloadable,
        "worker_killed": session.conversation.killed,
        "longest_call": session.conversation.longest_call,
    }
    send_data(channel, {"report": report})
    # Where memory ran out, the error is the answer; a worker that ended has left none.
    answered = ("failed", "memory")
    failed = [finding.name for finding in reporter.findings if finding.status in answered]
    broken = (one.name for one in reporter.findings if one.status not in ("passed", "blocked"))
    first = next(broken, "")
    transcripts = select_evidence(reporter.transcripts, failed, reporter.limits_memory)
    replay = Replay(workers, session.plan, transcripts, failed, first, REPLAY_SECONDS)
    try:
        answer_replays(channel, replay, session.conversation)
    finally:
        session.conversation.close()


def select_evidence(
    transcripts: dict[str, Transcript], failed: list[str], limits_memory: set[str]
) -> dict[str, Transcript]:
    """Return the transcripts of the checks whose answers tell mistakes apart.

    Where memory runs out depends on what a process did before. So a check that limits it counts
    only if it failed, and no other did.
    """
    if limits_memory.issuperset(failed):
        limits_memory = limits_memory.difference(failed)
    return {name: one for name, one in transcripts.items() if name not in limits_memory}


def answer_replays(channel: socket.socket, replay: Replay, conversation: Conversation) -> None:
    """Replay the checks against the sources sent, until the other side hangs up."""
    try:
        while True:
            request: dict[str, Any] = receive_data(channel)
            # The run's own worker ends only now, and nothing is ordered from the supervisor
            # between an answer and the next request. The supervisor passes a request on before it
            # looks for orders; a large one fills the socket, so if we waited for an order then,
            # each would wait for the other.
            conversation.close()
            if "relate" in request:
                relations = replay.collect_relations(**request["relate"])
                send_data(channel, {"relations": relations})
            else:
                evidence = replay.collect_evidence(**request["replay"])
                send_data(channel, {"evidence": evidence})
    except ConnectionClosed:
        return
