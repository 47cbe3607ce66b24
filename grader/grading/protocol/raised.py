"""An error of the learner's code as data: what the worker says about it, and the judge reads.

The judge decides by these fields and never by the message, whose words are the learner's or a
library's. Whatever the worker says can be a lie of the learner's code, which shares its process:
a lie can spoil the answer to its own question, and no field makes a check pass.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

ERROR, UNWRITTEN, UNDEFINED = "error", "unwritten", "undefined"
CALL, INPUT, RECURSION = "call", "input", "recursion"
MEMORY, EXIT = "memory", "exit"
FORBIDDEN, DEBUGGER = "forbidden", "debugger"
"""The causes: any error, a function that is not written yet, a name that the file does not
define; a call that does not fit the signature, input(), endless recursion; no memory left, and
the end of the program; a call of what the contract forbids, and a stop for a debugger."""
_LISTS = ("bases", "frames")


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of the learner's file that was on the stack."""

    path: str
    line: int
    function: str
    text: str


@dataclass(frozen=True, slots=True)
class Raised:
    """What the learner's code raised."""

    type: str
    bases: tuple[str, ...]
    """The names of its class and of all that this inherits, in the order of lookup."""
    message: str
    cause: str = ERROR
    name: str = ""
    """The function that is not written, or the name that is not defined."""
    own_wording: bool = False
    """Whether a ``raise`` statement in the learner's own file raised it: the message is theirs."""
    frames: tuple[Frame, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Any) -> Raised:
        """Return it from its plain data; ``ValueError`` or ``TypeError`` when they are not such.

        The data come from the learner's process, so every field is looked at: a list where a text
        is due would otherwise fail later, in the judge, as a fault of the grader's. Exact types: a
        stand-in could be iterated, and each step of that would ask the learner's process.
        """
        if type(data) is not dict or any(type(data[name]) not in (list, tuple) for name in _LISTS):
            raise ValueError("an error that is not described by its fields")
        if any(type(frame) is not dict for frame in data["frames"]):
            raise ValueError("a line of the stack that is not described by its fields")
        raised = cls(**{**data, "bases": tuple(data["bases"]), "frames": ()})
        frames = tuple(Frame(**frame) for frame in data["frames"])
        texts = [raised.type, raised.message, raised.cause, raised.name, *raised.bases]
        texts += [text for frame in frames for text in (frame.path, frame.function, frame.text)]
        if not all(type(text) is str for text in texts):
            raise ValueError("an error that is not described in text")
        if type(raised.own_wording) is not bool or any(type(f.line) is not int for f in frames):
            raise ValueError("an error with a field of another type")
        return cls(**{**data, "bases": raised.bases, "frames": frames})
