"""What is raised in a check when the learner's code raised, or is not asked any more."""

from __future__ import annotations

import builtins

from grader.grading.protocol.raised import Raised


class WorkerGone(Exception):
    """The call timed out or the process died. Nobody answers any more."""

    def __init__(self, status: str, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


class UnloadableFile(Exception):
    """The learner's file cannot be loaded."""


class Postponed(Exception):
    """A check that takes long does not run before the others pass."""


class LearnersError(Exception):
    """Mixed into what is raised here when the learner's code raised there."""

    raised: Raised


def rebuild_error(raised: Raised) -> LearnersError:
    """Return an exception of the same builtin type as the learner's, so ``pytest.raises`` fits.

    A class is made for it: its name is the learner's, its base a builtin of ours. No code of the
    learner's crosses, so an exception class with methods of its own arrives without them.
    """
    base: type[Exception] = Exception
    for name in raised.bases:
        candidate = getattr(builtins, name, None)
        # Exception, and not BaseException: a SystemExit or KeyboardInterrupt of the learner's,
        # raised here as itself, would end pytest and with it the judge.
        if isinstance(candidate, type) and issubclass(candidate, Exception):
            base = candidate
            break
    if issubclass(base, StopIteration | StopAsyncIteration):
        base = Exception  # which would end a generator of pytest's
    # str() as it was there: KeyError's own would put the message in quotes a second time.
    words = {"__str__": lambda self: raised.message}
    try:
        form: type[LearnersError] = type(raised.type, (LearnersError, base), words)
        # __new__ alone: UnicodeDecodeError and others refuse to be created from one text.
        error = form.__new__(form)
    except TypeError:  # a few builtins share no layout with another base
        form = type(raised.type, (LearnersError,), words)
        error = form.__new__(form)
    error.args = (raised.message,)
    error.raised = raised
    return error
