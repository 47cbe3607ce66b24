"""An answer of the worker's opened: a value of the form that is due, or the error that was raised.

The bytes are whatever the learner's process has written to its channel. Each kind of question has
one form of answer, and anything else is refused here, before a check or a fixture uses it: what
the worker sends may spoil an answer of the learner's, and is never a fault of the grader's.
"""

from __future__ import annotations

from typing import Any

from grader.grading.judge.proxy import Remote
from grader.grading.judge.remote_errors import LearnersError, rebuild_error
from grader.grading.judge.write_back import write_back
from grader.grading.protocol.codec import Codec
from grader.grading.protocol.frames import MalformedData
from grader.grading.protocol.raised import Raised

ARGUMENTS = 3
"""The function, its arguments and its keywords; what comes after is the check's own."""
MOST_NOTES = 20
NOTHING = frozenset({"load", "begin", "limit", "set", "put"})
"""Questions that are answered with None."""
HANDLES = frozenset({"name", "live", "import", "iter"})
"""Questions whose answer is an object that stays with the learner's code."""


def open_reply(codec: Codec, op: str, packed: bytes) -> tuple[Any, Any]:
    """Return the answer to a question, and the arguments that were changed in place.

    Raises ``LearnersError`` where the learner's code raised, and ``MalformedData`` for what no
    worker sends.
    """
    form, rest = _split(codec.unpack(packed))
    if form == "ok" and len(rest) == 2 and _fits(op, rest[0]):
        return rest[0], rest[1]
    if form == "raised" and len(rest) == 1:
        raise _rebuild(rest[0])
    raise MalformedData(NO_ANSWER)


def write_back_arguments(parts: tuple[Any, ...], changed: Any) -> None:
    """Make the check's own arguments what the learner's code has made of its copies.

    Only as many as the learner's code was given: the upstream gradient, for one, is the check's
    own, and a worker that sends it back changed must not write into it.
    """
    if type(changed) is not list or len(changed) != len(parts):
        raise MalformedData(NO_ANSWER)
    try:
        for old, new in zip(parts[:ARGUMENTS], changed[:ARGUMENTS], strict=True):
            write_back(old, new)
    except Exception as error:  # a forged argument may be anything, nested in anything
        raise MalformedData(NO_ANSWER) from error


NO_ANSWER = "the process that ran your code sent an invalid answer"


def _split(reply: Any) -> tuple[str, list[Any]]:
    """Return the form of a reply, and its other parts."""
    if type(reply) is not list or not reply or type(reply[0]) is not str:
        raise MalformedData(NO_ANSWER)
    return reply[0], reply[1:]


def _fits(op: str, value: Any) -> bool:
    """Return whether a worker could answer this question so."""
    if op in NOTHING:
        return value is None
    if op in HANDLES:
        return isinstance(value, Remote)
    if op in ("len", "killed"):
        return type(value) is int and value >= 0
    if op == "next":
        return type(value) is tuple and len(value) == 2 and type(value[0]) is bool
    if op == "gradients":
        return type(value) is tuple
    if op == "end":
        short = type(value) is list and len(value) <= MOST_NOTES
        return short and all(type(note) is str for note in value)
    return True


def _rebuild(data: Any) -> LearnersError:
    try:
        return rebuild_error(Raised.from_data(data))
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        raise MalformedData(NO_ANSWER) from error
