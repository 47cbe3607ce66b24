"""The pytest plugin of a judged run: what became of each check, in a learner's words."""

from __future__ import annotations

import ast
import re
from collections.abc import Generator
from typing import Any, Protocol

import pytest

from grader.engine.conversation import Conversation
from grader.engine.expect import Mismatch
from grader.engine.plan import Finding, Plan
from grader.engine.raised import LearnersError, NotThere, Unloadable
from grader.errors import GroundworkError
from grader.harmless import harmless

PRINTED = 2000
"""As many characters of what a failed check printed are shown."""
OUT_OF_MEMORY = ("allocate memory", "not enough memory", "bad_alloc")


class Sitting(Protocol):
    """What a reporter needs of the session that it reports on."""

    plan: Plan
    conversation: Conversation

    def tell(self, finding: Finding) -> None:
        """Pass a finding on at once."""
        ...


class OursError(Exception):
    """The check or the grader failed, not the learner's code."""


class Reporter:
    """Gathers a finding per check and passes each on as soon as it is known."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._error: BaseException | None = None
        self.pages: dict[str, Any] = {}
        self.findings: list[Finding] = []
        self.fault = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A check file that cannot be collected is our fault."""
        if report.failed:
            self.fault = self.fault or f"the checks cannot be read: {report.longreprtext}"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep what the check raised first."""
        report = yield
        if call.excinfo is not None and self._error is None:
            self._error = call.excinfo.value
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Run the check, then make its finding."""
        self._error = None
        done = yield
        page = self._sitting.conversation.page
        try:
            finding = self._finding(item.name, "in_place" in item.fixturenames)  # type: ignore[attr-defined]
        except OursError as error:
            self.fault = self.fault or f"{item.nodeid}: {error}"
            return done
        self.pages[item.name] = page
        self.findings.append(finding)
        self._sitting.tell(finding)
        return done

    def _finding(self, name: str, in_place: bool) -> Finding:
        """The check's end; one that passes on arguments changed under it has not passed."""
        page, printed = self._sitting.conversation.page, self._sitting.conversation.printed()
        notes = [f"note: {note}" for note in page.notes]
        if self._error is None and page.changed and not in_place:
            says = f"{page.changed[0]} changed an argument in place; it is to stay as it was"
            asked, where = page.asked(), self._defined()
            return _harmless(Finding(name, "failed", says, asked=asked, where=where, in_place=True))
        if self._error is None:
            return _harmless(Finding(name, "passed", "\n".join(notes)))
        notes += [f"note: {n} changed an argument in place" for n in dict.fromkeys(page.changed)]
        if printed.strip():
            shown = printed.strip()
            shown = shown if len(shown) <= PRINTED else shown[:PRINTED] + "… (more was printed)"
            notes.append(f"it printed:\n{shown}")
        status, message, want, got, where = self._told(self._error)
        return _harmless(
            Finding(
                name,
                status,
                "\n".join([message, *notes]),
                asked=page.asked(),
                want=want,
                got=got,
                where=where or self._defined(),
                unwritten=_unwritten(self._error),
            )
        )

    def _told(self, error: BaseException) -> tuple[str, str, str, str, str]:
        """Status, message, want, got and where."""
        if isinstance(error, NotThere):
            return error.status, error.message, "", "", ""
        if isinstance(error, Unloadable):
            return "blocked", str(error), "", "", ""
        if isinstance(error, LearnersError):
            return _raised(error.what)
        if isinstance(error, Mismatch):
            return "failed", error.says, error.want, error.got, ""
        if isinstance(error, pytest.fail.Exception):
            return "failed", _no_error(error), "an error", "none", ""
        if isinstance(error, AssertionError):
            return "failed", str(error), "", "", ""
        if isinstance(error, GroundworkError) or not self._answered():
            raise OursError(f"{type(error).__name__}: {error}")
        said = f"the answer cannot be used: {type(error).__name__}: {error}"
        return "failed", said, "", "", ""

    def _answered(self) -> bool:
        return any(
            exchange.says and exchange.answer
            for exchange in self._sitting.conversation.page.exchanges
        )

    def _defined(self) -> str:
        """Path and line where the learner's file defines what was asked last."""
        subjects = [e.subject for e in self._sitting.conversation.page.exchanges if e.subject]
        if not subjects:
            return ""
        name = re.split(r"[.(]", subjects[-1])[0]
        try:
            body = ast.parse(self._sitting.plan.source.text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ""
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
                return f"{self._sitting.plan.source.path}:{node.lineno}"
        return f"{self._sitting.plan.source.path}:1"


def _raised(what: dict[str, Any]) -> tuple[str, str, str, str, str]:
    kind, message, frames = str(what["type"]), str(what["message"]), what["frames"]
    where = f"{frames[-1][0]}:{frames[-1][1]}" if frames else ""
    if stub := _stub(what):
        return "blocked", f"{stub} is not written yet", "", "", where
    line = f" in `{frames[-1][3]}`" if frames and frames[-1][3] else ""
    got = f"{kind}: {message}"
    if "SystemExit" in what["bases"]:
        return "crashed", f"your code ended the program{line}", "", got, where
    if "MemoryError" in what["bases"] or any(text in message for text in OUT_OF_MEMORY):
        return "memory", f"your code ran out of memory{line}", "", got, where
    if "RecursionError" in what["bases"]:
        return "failed", f"your code calls itself without end{line}", "", got, where
    if kind == "EOFError":
        says = f"nobody is there to answer input(){line}"
        return "failed", says, "", got, where
    if kind == "TypeError" and not frames and "argument" in message:
        says = f"your function cannot be called like this: {message}"
        return "failed", says, "the signature of the contract", got, where
    if kind == "AttributeError" and message.startswith("the file does not define"):
        return "blocked", message, "", "", where
    said = f"{kind}: {message}" if message else kind
    return "failed", f"{said}{line}", "", "", where


def _no_error(error: BaseException) -> str:
    """pytest's DID NOT RAISE, in words."""
    found = re.search(r"DID NOT RAISE (?:<class ')?(?:\w+\.)*(\w+)", str(error))
    return f"{_a(found[1])} is due here, and nothing was raised" if found else str(error)


def _a(name: str) -> str:
    return f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}"


def _unwritten(error: BaseException) -> bool:
    return isinstance(error, LearnersError) and bool(_stub(error.what))


def _stub(what: dict[str, Any]) -> str:
    """What a stub's own NotImplementedError says is to be written; empty for all else."""
    if what["type"] != "NotImplementedError":
        return ""
    found = re.fullmatch(r"write ([\w.]+) \(about \d+ lines?\)", str(what["message"]))
    return found[1] if found else ""


def _harmless(finding: Finding) -> Finding:
    return Finding(
        finding.name,
        finding.status,
        harmless(finding.message),
        harmless(finding.asked),
        harmless(finding.want),
        harmless(finding.got),
        harmless(finding.where),
        finding.unwritten,
        finding.in_place,
    )
