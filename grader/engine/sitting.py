"""A judged session, prepared before its plan is known."""

from __future__ import annotations

import socket
from dataclasses import asdict

import pytest

from grader.engine.conversation import Agency, Conversation
from grader.engine.frames import receive_data, send_data
from grader.engine.plan import Finding, Plan


class Sitting:
    """A pytest plugin that has everything ready, and waits for the plan before it collects."""

    def __init__(self, channel: socket.socket, agency: Agency) -> None:
        self._channel, self._agency = channel, agency
        self.plan: Plan
        self.conversation: Conversation

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """Hear the plan; collect its check file and nothing else."""
        self.plan = Plan.of(receive_data(self._channel)["plan"])
        self.conversation = Conversation(self._agency, self.plan)
        session.config.args = [self.plan.check_file]

    def tell(self, finding: Finding) -> None:
        """Pass a finding on at once."""
        send_data(self._channel, {"finding": asdict(finding)})
