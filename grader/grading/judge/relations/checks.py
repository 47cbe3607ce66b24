"""The checks of a run as relations see them: questions, expected answers, and those returned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.grading.judge.comparison import is_same_reply
from grader.grading.judge.relations.asked import Handle, make_codec
from grader.grading.protocol.frames import MalformedData

Ask = Callable[[Sequence[bytes]], "list[bytes] | None"]
"""Puts questions to a source; None where it does not answer all of them."""

_CODEC = make_codec()


@dataclass(frozen=True)
class Check:
    """One check's exchanges."""

    name: str
    failed: bool
    questions: tuple[bytes, ...]
    expected: tuple[bytes, ...]
    """What the reference answers."""
    returned: tuple[bytes, ...]
    """What the learner's code answers."""

    @property
    def exchanges(self) -> list[tuple[bytes, bytes, bytes]]:
        """Each question with both answers."""
        return list(zip(self.questions, self.expected, self.returned, strict=True))

    @cached_property
    def first_wrong(self) -> int | None:
        """The number of the first answer that is not the expected one; None where all are."""
        for place, (_, right, ours) in enumerate(self.exchanges):
            if not is_same(ours, right, right):
                return place
        return None

    @cached_property
    def is_far_off(self) -> bool:
        """Whether it failed, and on an answer that is wrong by more than float32's rounding."""
        return self.failed and not all(
            is_same(ours, right, right, rough=True) for _, right, ours in self.exchanges
        )

    @property
    def is_wrong(self) -> bool:
        """Whether it failed, and on a wrong answer."""
        return self.failed and self.first_wrong is not None

    @property
    def is_right(self) -> bool:
        """Whether it passed, and with the expected answers."""
        return not self.failed and self.first_wrong is None


def is_same(ours: bytes, theirs: bytes, right: bytes, rough: bool = False) -> bool:
    """Return whether two packed answers are the same; ``right`` is the expected one."""
    if ours == theirs:  # most answers are, and need not be unpacked
        return True
    try:
        returned, other, expected = (_CODEC.unpack(answer) for answer in (ours, theirs, right))
        return is_same_reply(returned, other, expected, rough)
    except (MalformedData, TypeError, ValueError, LookupError):
        return False  # the learner's process can send anything


def is_refused(answer: bytes) -> bool:
    """Return whether an answer is an error that was raised."""
    return bool(_CODEC.unpack(answer)[0] == "raised")


def is_data(answer: bytes) -> bool:
    """Return whether an answer is a value: neither an object that stays there, nor nothing."""
    form, value, *_ = _CODEC.unpack(answer)
    return bool(form == "ok" and value is not None and not isinstance(value, Handle))


def is_object(answer: bytes) -> bool:
    """Return whether an answer is an object that stays with the code."""
    form, value, *_ = _CODEC.unpack(answer)
    return bool(form == "ok" and isinstance(value, Handle))
