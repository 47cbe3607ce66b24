"""What the learner's code raised, looked at where it was raised: its type, its cause, its lines.

The exception itself stays here, since it is an object with the learner's methods. What caused it
is decided by types, stack frames and instructions; the judge hears the result as fields.
"""

from __future__ import annotations

import ast
import dis
import linecache
import traceback
from types import TracebackType

import torch

from grader.base.stubs import is_stub
from grader.grading.protocol import raised
from grader.grading.protocol.raised import Frame, Raised
from grader.grading.worker.forbidden import ForbiddenNameError
from grader.grading.worker.surroundings import is_debugger_error

LONGEST_MESSAGE = 4000
CALLS = frozenset({"call", "gradients", "killed"})
"""The questions that call something of the learner's."""
OUT_OF_MEMORY = ("allocate memory", "not enough memory", "bad_alloc")


class UndefinedNameError(AttributeError):
    """The learner's file does not define the name that is this error's text."""


def describe_error(error: BaseException, op: str, path: str) -> Raised:
    """Return an error as data; ``op`` is the question, ``path`` the learner's own file."""
    frames = _list_frames(error, path)
    cause, name = _find_cause(error, op, frames)
    return Raised(
        type=type(error).__name__,
        bases=tuple(base.__name__ for base in type(error).__mro__),
        message=_read_message(error),
        cause=cause,
        name=name,
        own_wording=_is_own_wording(error, path),
        frames=frames,
    )


def _find_cause(error: BaseException, op: str, frames: tuple[Frame, ...]) -> tuple[str, str]:
    """Return the cause, and the name that it is about."""
    # The class is looked at, and not the object: isinstance would ask that for its __class__,
    # which may be the learner's own and raise in turn.
    kind = type(error)
    if issubclass(kind, UndefinedNameError):
        return raised.UNDEFINED, str(error)
    if kind is NotImplementedError and (name := _find_unwritten(error)):
        return raised.UNWRITTEN, name
    if issubclass(kind, SystemExit):
        return raised.EXIT, ""
    if is_debugger_error(kind):
        return raised.DEBUGGER, ""
    if kind is ForbiddenNameError and getattr(error, "called", False):
        return raised.FORBIDDEN, ""
    if issubclass(kind, MemoryError) or _is_failed_allocation(error):
        return raised.MEMORY, ""
    if issubclass(kind, RecursionError):
        return raised.RECURSION, ""
    # input() raises it without a ``raise`` statement; from anybody's statement it is an error.
    if kind is EOFError and not _has_raise(error):
        return raised.INPUT, ""
    # The call itself was refused: no line of the learner's was reached, and nobody raised it.
    refused = op in CALLS and kind is TypeError and not frames
    return (raised.CALL if refused and not _has_raise(error) else raised.ERROR), ""


def _find_unwritten(error: BaseException) -> str:
    """Return the function that raised, if its whole body only raises as a stub's does.

    Whose words the error bears is no matter. The function may be in another exercise's file:
    under ``grade --mine`` an earlier exercise may be a stub still.
    """
    last = _find_last(error)
    if last is None:
        return ""
    code = last.tb_frame.f_code
    try:
        tree = ast.parse("".join(linecache.getlines(code.co_filename)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            within = node.lineno <= last.tb_lineno <= (node.end_lineno or node.lineno)
            if within and is_stub(node):
                return code.co_qualname
    return ""


def _is_failed_allocation(error: BaseException) -> bool:
    """Return whether torch could not allocate.

    torch has no type for that on a CPU: its allocator raises a RuntimeError, and only the text
    tells it from others. This is the one place where a text is looked at. It must be torch's own:
    a RuntimeError that a ``raise`` statement has raised may say what it likes.
    """
    if type(error) is torch.OutOfMemoryError:
        return True
    if type(error) is not RuntimeError or _has_raise(error):
        return False
    text = _read_message(error)
    return any(words in text for words in OUT_OF_MEMORY)


def _has_raise(error: BaseException) -> bool:
    """Return whether a ``raise`` or ``assert`` statement raised it, not the interpreter or C.

    The traceback's last entry has the instruction at which its frame was left: a raise, or else a
    call or an operation that failed.
    """
    last = _find_last(error)
    if last is None:
        return False
    return dis.opname[last.tb_frame.f_code.co_code[last.tb_lasti]] == "RAISE_VARARGS"


def _is_own_wording(error: BaseException, path: str) -> bool:
    """Return whether a ``raise`` statement in the learner's own file raised it."""
    last = _find_last(error)
    own = last is not None and last.tb_frame.f_code.co_filename == path
    return own and _has_raise(error)


def _find_last(error: BaseException) -> TracebackType | None:
    """Return the traceback's last entry: the frame in which the error was raised."""
    entry = error.__traceback__
    while entry is not None and entry.tb_next is not None:
        entry = entry.tb_next
    return entry


def _list_frames(error: BaseException, path: str) -> tuple[Frame, ...]:
    """Return the frames in the learner's own file, the last six of them."""
    try:
        if isinstance(error, SyntaxError) and error.filename == path:
            # Nothing of a file that cannot be compiled has run: the error itself has the line.
            return (Frame(path, error.lineno or 1, "", (error.text or "").strip()),)
        entries = traceback.extract_tb(error.__traceback__)
        ours = [entry for entry in entries if entry.filename == path]
        return tuple(Frame(path, e.lineno or 1, e.name, e.line or "") for e in ours[-6:])
    except Exception:  # attributes of an exception are the learner's to set, to anything
        return ()


def _read_message(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # its __str__ is the learner's too, and may even exit
        text = "(its message cannot be shown)"
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "…"
