"""What a check raised, as a status and words for the learner.

The status follows from the exception's class and, for an error of the learner's code, from the
cause that the worker has found: never from what a message says.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from grader.base.errors import GroundworkError
from grader.grading.judge.advice import advise_on_debugging
from grader.grading.judge.awaited import describe_awaited
from grader.grading.judge.describe import add_article
from grader.grading.judge.expect import Mismatch, WrongForm
from grader.grading.judge.remote_errors import (
    LearnersError,
    Postponed,
    UnloadableFile,
    WorkerGone,
)
from grader.grading.protocol.plan import Source
from grader.grading.protocol.raised import (
    CALL,
    DEBUGGER,
    EXIT,
    INPUT,
    MEMORY,
    RECURSION,
    UNDEFINED,
    UNWRITTEN,
    Raised,
)


class OursError(Exception):
    """The check or the grader failed, not the learner's code."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a check did not pass."""

    status: str
    message: str
    want: str = ""
    got: str = ""
    where: str = ""
    unwritten: bool = False
    says_cause: bool = False
    """Whether the message itself says what is wrong: an error, a type, a dtype, a name."""


def explain_error(error: BaseException, answered: bool, source: Source) -> Explanation:
    """Explain what a check raised; ``OursError`` when it is no fault of the learner's code.

    ``answered`` says whether the learner's code, the ``source``, had answered in this check.
    """
    if isinstance(error, WorkerGone):
        return Explanation(error.status, error.message, says_cause=True)
    if isinstance(error, UnloadableFile | Postponed):
        return Explanation("blocked", str(error))
    if isinstance(error, LearnersError):
        return _explain_raised(error.raised, source, describe_awaited(error.__traceback__))
    if isinstance(error, Mismatch):
        says = isinstance(error, WrongForm)
        return Explanation("failed", error.message, error.want, error.got, says_cause=says)
    if isinstance(error, pytest.fail.Exception):
        return _explain_missing_error(error)
    if isinstance(error, AssertionError):
        return Explanation("failed", str(error))
    # Before an answer came, the check can only have broken by itself. After it, a TypeError or an
    # IndexError most likely means that the check has used an answer of a form that it did not
    # expect: the learner's answer cannot be used, and they can fix it.
    if isinstance(error, GroundworkError) or not answered:
        raise OursError(f"{type(error).__name__}: {error}")
    message = f"the check could not use the returned value: {type(error).__name__}: {error}"
    return Explanation("failed", message)


def _explain_raised(raised: Raised, source: Source, awaited: str) -> Explanation:
    """Explain an error of the learner's code by its cause.

    ``awaited`` is the error that the check was waiting for, ``a ValueError``, if it was.
    """
    last = raised.frames[-1] if raised.frames else None
    where = f"{last.path}:{last.line}" if last else ""
    line = f" in `{last.text}`" if last and last.text else ""
    got = f"{raised.type}: {raised.message}"
    if raised.cause == UNWRITTEN:
        message = f"{raised.name} is not written yet"
        return Explanation("blocked", message, where=where, unwritten=True)
    if raised.cause == UNDEFINED:
        return Explanation("blocked", f"the file does not define {raised.name}")
    if raised.cause == DEBUGGER:
        return Explanation("failed", advise_on_debugging(source), where=where, says_cause=True)
    if raised.cause == CALL:
        message = f"your function cannot be called like this: {raised.message}"
        want = "the signature of the contract"
        return Explanation("failed", message, want, got, where, says_cause=True)
    statuses = {
        EXIT: ("crashed", f"your code ended the program{line}"),
        MEMORY: ("memory", f"your code ran out of memory{line}"),
        RECURSION: ("failed", f"your code exceeded the recursion limit{line}"),
        INPUT: ("failed", f"your code calls input(){line}; there is no input during grading"),
    }
    if raised.cause in statuses:
        status, message = statuses[raised.cause]
        return Explanation(status, message, "", got, where, says_cause=True)
    message = f"{got if raised.message else raised.type}{line}"
    if awaited:
        message = f"{message}; {awaited} is expected"
        return Explanation("failed", message, awaited, got, where, says_cause=True)
    return Explanation("failed", message, where=where, says_cause=True)


def _explain_missing_error(error: BaseException) -> Explanation:
    """Explain that ``pytest.raises`` waited for an error that did not come."""
    expected = _find_expected(error)
    if not expected:  # pytest.fail, called by the check
        return Explanation("failed", str(error))
    names = add_article(" or ".join(kind.__name__ for kind in expected))
    message = f"nothing was raised; {names} is expected"
    return Explanation("failed", message, names, "no error", says_cause=True)


def _find_expected(error: BaseException) -> tuple[type[BaseException], ...]:
    """Return the errors that the ``pytest.raises`` which failed had asked for.

    pytest says them in its message alone; the object that wrote the message is on the stack.
    """
    entry = error.__traceback__
    while entry is not None:
        block = entry.tb_frame.f_locals.get("self")
        if isinstance(block, pytest.RaisesExc):
            return tuple(block.expected_exceptions)
        entry = entry.tb_next
    return ()
