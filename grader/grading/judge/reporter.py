"""The pytest plugin of a judged run: what became of each check, in a learner's words."""

from __future__ import annotations

import ast
import re
from collections.abc import Generator
from dataclasses import replace
from typing import Any, Protocol

import pytest

from grader.base.printable import sanitize
from grader.grading.judge.conversation import Conversation
from grader.grading.judge.explain import OursError, explain_error
from grader.grading.protocol.plan import Finding, Plan
from grader.grading.protocol.transcript import Transcript

PRINTED = 2000
"""As many characters of what a failed check printed are shown."""


class ReportedSession(Protocol):
    """What a reporter needs of the session that it reports on."""

    plan: Plan
    conversation: Conversation

    def send_finding(self, finding: Finding) -> None:
        """Pass a finding on at once."""
        ...


class Reporter:
    """Gathers a finding per check and passes each on as soon as it is known."""

    def __init__(self, session: ReportedSession) -> None:
        self._session = session
        self._error: BaseException | None = None
        self.transcripts: dict[str, Transcript] = {}
        self.limits_memory: set[str] = set()
        """The checks in which the learner's code had to do with so much memory."""
        self.findings: list[Finding] = []
        self.fault, self.broken_check = "", ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a check file that cannot be collected: it is our fault."""
        if report.failed:
            self.fault = self.fault or f"the checks cannot be read: {report.longreprtext}"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep what the check raised first."""
        report = yield
        # First: the error of its setup or its call. What fails in taking down the fixtures comes
        # after it, and most often because of it.
        if call.excinfo is not None and self._error is None:
            self._error = call.excinfo.value
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Run the check, then make its finding."""
        self._error = None
        done = yield
        transcript = self._session.conversation.transcript
        try:
            finding = self._make_finding(item.name, "in_place" in item.fixturenames)  # type: ignore[attr-defined]
        except OursError as error:
            if not self.fault:
                self.fault, self.broken_check = f"{item.nodeid}: {error}", item.name
            return done
        # Where time is measured the questions are large, and who is only slow answers them rightly:
        # asked again of fifty mistakes, they would take the whole time of the diagnosis.
        if "pace" not in item.fixturenames:  # type: ignore[attr-defined]
            self.transcripts[item.name] = transcript
        if "room" in item.fixturenames:  # type: ignore[attr-defined]
            self.limits_memory.add(item.name)
        self.findings.append(finding)
        self._session.send_finding(finding)
        return done

    def _make_finding(self, name: str, in_place: bool) -> Finding:
        """Return the finding of the check that has just ended."""
        conversation = self._session.conversation
        transcript, printed = conversation.transcript, conversation.take_output()
        notes = [f"note: {note}" for note in transcript.notes]
        if self._error is None and transcript.changed and not in_place:
            # A check computes what it expects from its own inputs. An answer that has emptied them
            # would be compared with what follows from nothing, and zeros would be right.
            message = (
                f"{transcript.changed[0]} changed an argument in place; it must stay unchanged"
            )
            asked, where = transcript.format_calls(), self._find_definition()
            finding = Finding(
                name, "failed", message, asked=asked, where=where, in_place=True, says_cause=True
            )
            return _sanitize_finding(finding)
        if self._error is None:
            return _sanitize_finding(Finding(name, "passed", "\n".join(notes)))
        changed = dict.fromkeys(transcript.changed)
        notes += [f"note: {function} changed an argument in place" for function in changed]
        if printed.strip():
            notes.append(f"it printed:\n{_shorten(printed.strip())}")
        found = explain_error(self._error, transcript.has_answer(), self._session.plan.source)
        return _sanitize_finding(
            Finding(
                name,
                found.status,
                "\n".join([found.message, *notes]),
                asked=transcript.format_calls(),
                want=found.want,
                got=found.got,
                where=found.where or self._find_definition(),
                unwritten=found.unwritten,
                says_cause=found.says_cause,
            )
        )

    def _find_definition(self) -> str:
        """Return path and line where the learner's file defines what was asked last."""
        exchanges, source = (
            self._session.conversation.transcript.exchanges,
            self._session.plan.source,
        )
        subjects = [exchange.subject for exchange in exchanges if exchange.subject]
        if not subjects:
            return ""
        name = re.split(r"[.(]", subjects[-1])[0]
        # Read, not imported: the judge has the learner's text and never runs it.
        try:
            body = ast.parse(source.text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ""
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
                return f"{source.path}:{node.lineno}"
        return f"{source.path}:1"


def _shorten(text: str) -> str:
    return text if len(text) <= PRINTED else text[:PRINTED] + "… (more was printed)"


def _sanitize_finding(finding: Finding) -> Finding:
    """Return the finding with every text safe to print.

    Once, here, where the texts leave the judge: they hold what the learner's code printed, raised
    and returned, and every reader after this shows them as they are.
    """
    return replace(
        finding,
        message=sanitize(finding.message),
        asked=sanitize(finding.asked),
        want=sanitize(finding.want),
        got=sanitize(finding.got),
        where=sanitize(finding.where),
    )
