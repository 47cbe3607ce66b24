"""What a coding assistant reads of a workspace: the answers of the commands, captured as text.

Each function does what the command of its name does, on the workspace as it is at that moment. None
of them reads a reference for what it says: contracts come from the stub, and the references are
not searched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.base.errors import GroundworkError, UsageError
from grader.base.files import explain_os_error
from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.cli.commands import log, search, study
from grader.cli.commands.arguments import choose_exercise
from grader.cli.commands.run_report import (
    announce_finished,
    list_passed,
    show_result,
    warn,
)
from grader.cli.console import json_output, overview, verdict
from grader.cli.console.fault_report import keep_fault
from grader.cli.console.search_results import show_hits
from grader.cli.console.terminal import capture_text, complain, say, say_exactly
from grader.course.source.contracts import Contract, read_contracts
from grader.grading.client import Engine
from grader.grading.outcome import Outcome
from grader.services import grading
from grader.services.help import locate_stub
from grader.services.search import search as search_texts
from grader.services.session import Session
from grader.services.submission import map_lines, read_leniently

COLUMNS = 110
"""As wide as prose on the widest terminal."""
LONGEST = 200_000
"""Characters of one reply."""
MOST_MINUTES = 24 * 60

RULES = """\
This is a study workspace: the learner writes each part of a language model, and the checks say
whether it is right. Help as a good tutor does. Ask what the learner has tried and expects before
you explain. Quote the sentence of the contract that an error is about. Give one hint at a time,
with the tool hint, and only when the learner wants one: it is recorded. Let the learner write the
code: do not write the body of an exercise before it is passed, nor open what contains it (the
folders solutions and tests, the files mistakes_*.py in curriculum). You may explain errors, shapes,
PyTorch and Python with examples that are not the exercise, help with the set-up, and grade."""
"""What a client gives to the assistant; AGENTS.md says the same at more length."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tool answers."""

    text: str
    failed: bool = False
    data: dict[str, Any] | None = None
    """The same as data, where the command has ``--json`` and it is short."""


Work = Callable[[], dict[str, Any] | None]


def make_reply(work: Work) -> Reply:
    """Do what a tool is for; an error is a reply as well, in words and without a traceback."""
    with capture_text(COLUMNS) as lines:
        try:
            data, failed = work(), False
        except Exception as error:
            data, failed = None, True
            _complain_of(error)
    return Reply(sanitize("\n".join(lines), LONGEST), failed, data)


def _complain_of(error: Exception) -> None:
    words = explain_os_error(error) if isinstance(error, OSError) else None
    if isinstance(error, GroundworkError):
        complain(str(error))
    elif words is not None:
        complain(words)
    else:
        for line in keep_fault(error):
            complain(line)


def show_next(workspace: Workspace) -> dict[str, Any]:
    """Show what to do next, as ``grade next``."""
    session = Session.open(workspace)
    study.introduce_next(session)
    return _parse_json(study.format_next(session))


def show_contract(workspace: Workspace, name: str | None) -> None:
    """Show what an exercise asks for: signatures and docstrings of its stub, with their places."""
    session = Session.open(workspace)
    exercise = choose_exercise(session, name or None)
    path = workspace.locate_stub(exercise.id)
    say(f"{overview.format_title(exercise)}  {locate_stub(session, exercise)}")
    lines = map_lines(read_leniently(path))
    # The stub, and not the reference: there is no body in it that could be shown by a slip.
    for contract in read_contracts(session.make_stub(exercise), exercise, path):
        line = lines.get(_get_name(contract))
        place = workspace.show_path(path) + (f":{line}" if line else "")
        say(f"\n{place}\n{contract.signature}\n\n{contract.docstring}".rstrip())


def _get_name(contract: Contract) -> str:
    """Return the path of what a signature defines: ``softmax``, ``Llama`` or ``Llama.forward``."""
    found = re.search(r"(?:def|class) +([\w.]+)", contract.signature)
    return found[1] if found else ""


def show_lesson(workspace: Workspace, name: str | None) -> None:
    """Show the lesson of an exercise, as Markdown, below its path."""
    session = Session.open(workspace)
    exercise = choose_exercise(session, name or None)
    path = workspace.locate_lesson(exercise.id)
    say_exactly(f"{workspace.show_path(path)}:1\n\n{read_leniently(path)}")


def show_hint(workspace: Workspace, name: str | None) -> None:
    """Give the next hint and record it, as ``grade hint``."""
    study.show_hint(Session.open(workspace), name or None)


def show_progress(workspace: Workspace) -> None:
    """Show how far the learner has come, as ``grade status``."""
    session = Session.open(workspace)
    study.report_status(session)
    warn(session)


def show_found(workspace: Workspace, words: str) -> None:
    """Show what contains all the words, as ``grade search``."""
    if not words.strip():
        raise UsageError("nothing to search for: give one word or several")
    show_hits(search_texts(Session.open(workspace), words), words, search.SHOWN)


def add_log_line(workspace: Workspace, text: str, minutes: int | None) -> None:
    """Add a line to today's log, as ``grade log``."""
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise UsageError(f"minutes is {minutes}; it has to be from 1 to {MOST_MINUTES}")
    log.add_line(workspace, log.get_today(workspace), text, minutes)


def grade(workspace: Workspace, engine: Engine, name: str | None) -> dict[str, Any]:
    """Grade the learner's file and record the attempt, as ``grade EXERCISE``."""
    session = Session.open(workspace)
    exercise = choose_exercise(session, name or None)
    before = list_passed(session)

    def show_failure(outcome: Outcome) -> None:
        if outcome.verdict == "failed":
            verdict.show_verdict(outcome, exercise)

    outcome = grading.grade(
        session, engine, exercise, grading.choose_seed(), tell_verdict=show_failure
    )
    show_result(session, outcome, alone=True, as_json=False)
    warn(session)
    announce_finished(session, before)
    return _parse_json(json_output.format_results([outcome]))


def _parse_json(text: str) -> dict[str, Any]:
    """Return what a command prints under ``--json``."""
    data: dict[str, Any] = json.loads(text)
    return data
