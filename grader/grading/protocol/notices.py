"""Notices: what a prop in the worker tells the judge while an answer is still awaited.

A notice is a frame that is no answer: it begins with the byte that begins no MessagePack value.
Like an answer it is whatever the learner's process has written, and nothing is taken on trust.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import msgpack

from grader.grading.protocol.frames import MalformedData

MARK = b"\xc1"
"""The first byte of a notice, which MessagePack never uses."""
MOST_BYTES = 256
"""No prop sends a longer notice."""
MOST_STEPS = 10**9
"""No training run has more."""
KILL, STEP = "kill", "step"
"""The forms of notices as they are sent."""


@dataclass(frozen=True, slots=True)
class KillNotice:
    """The process is about to kill itself, as a check has asked for."""


@dataclass(frozen=True, slots=True)
class StepNotice:
    """How far a training run has come."""

    step: int
    """The steps that are done, from 0 to ``steps``."""
    steps: int
    loss: float
    """A finite number, or else NaN."""


Notice = KillNotice | StepNotice


def pack_notice(notice: Notice) -> bytes:
    """Return the frame of a notice."""
    parts: list[Any] = [KILL]
    if isinstance(notice, StepNotice):
        parts = [STEP, notice.step, notice.steps, notice.loss]
    return MARK + cast(bytes, msgpack.packb(parts))


def is_notice(frame: bytes) -> bool:
    """Return whether a frame is a notice, and not an answer."""
    return frame.startswith(MARK)


def open_notice(frame: bytes) -> Notice:
    """Return the notice of a frame; ``MalformedData`` for what no prop sends."""
    if len(frame) > MOST_BYTES:
        raise MalformedData("a notice that is too long")
    try:
        found: Any = msgpack.unpackb(frame[len(MARK) :])
    except Exception as error:  # whatever hostile bytes provoke, they are no notice
        raise MalformedData(f"not a notice: {error}") from error
    match found:
        case [str() as form] if form == KILL:
            return KillNotice()
        case [str() as form, int() as step, int() as steps, float() as loss] if (
            form == STEP and type(step) is type(steps) is int and 0 <= step <= steps <= MOST_STEPS
        ):
            return StepNotice(step, steps, loss if math.isfinite(loss) else math.nan)
    raise MalformedData("a notice of no known form")
