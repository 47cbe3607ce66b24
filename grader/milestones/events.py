"""What a milestone's program reports while it runs, as frozen data.

The messages come from a process that runs the learner's code, so each is parsed as data that
anybody may have written: numbers are finite or NaN, texts are cut and cannot steer a terminal, and
what has another form is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.base.printable import sanitize

LINES_TO_BEAT: Mapping[str, str] = {
    "bigram": "a bigram model",
    "untuned": "the model before tuning",
}
"""The names of figures that losses are compared with, each with what has that loss."""
LONGEST = 2_000
"""As many characters of a text are kept."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the reader."""

    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text that is being written."""

    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that was measured: "nats per character of your bigram", 2.46."""

    name: str
    value: float


def format_figure(value: float) -> str:
    """Return a measured number as it is shown: a count as it is, any other with three decimals."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.3f}"


@dataclass(frozen=True, slots=True)
class Continued:
    """A run that was stopped goes on after this step."""

    step: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the training has come."""

    step: int
    steps: int
    loss: float
    tokens_per_second: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The model measured on text that is held out, and what it writes.

    It is sent when the checkpoint is on the disk.
    """

    step: int
    seconds: float
    """Seconds of training so far."""
    train: float
    """Nats per character of the last batches."""
    valid: float
    """Nats per character of the validation part."""
    sample: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether what the milestone asks for was shown, and why, in a sentence."""

    reached: bool
    why: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The exercises that have been loaded so far, each with the SHA-256 of its file."""

    hashes: Mapping[str, str]


Event = Line | Piece | Figure | Continued | Progress | Evaluation | Reached | Parts


def parse_event(message: Mapping[str, Any]) -> Event | None:
    """Return what a message reports, or None for one of another form."""
    try:
        return _PARSERS[message["event"]](message)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _parse_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return sanitize(value, LONGEST)


def _parse_number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError("not a number")
    number = float(value)
    return number if math.isfinite(number) else math.nan


def _parse_count(value: Any) -> int:
    count = int(_parse_number(value))
    if not 0 <= count < 1 << 40:
        raise ValueError("out of range")
    return count


def _parse_hashes(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return {_parse_text(name): _parse_text(digest) for name, digest in value.items()}


_PARSERS: Mapping[str, Callable[[Mapping[str, Any]], Event]] = {
    "line": lambda m: Line(_parse_text(m["text"])),
    "piece": lambda m: Piece(_parse_text(m["text"])),
    "figure": lambda m: Figure(_parse_text(m["name"]), _parse_number(m["value"])),
    "continued": lambda m: Continued(_parse_count(m["step"])),
    "progress": lambda m: Progress(
        _parse_count(m["step"]),
        _parse_count(m["steps"]),
        _parse_number(m["loss"]),
        _parse_number(m["tokens_per_second"]),
        _parse_number(m["seconds_left"]),
    ),
    "evaluation": lambda m: Evaluation(
        _parse_count(m["step"]),
        _parse_number(m["seconds"]),
        _parse_number(m["train"]),
        _parse_number(m["valid"]),
        _parse_text(m["sample"]),
    ),
    "parts": lambda m: Parts(_parse_hashes(m["hashes"])),
    "reached": lambda m: Reached(m["reached"] is True, _parse_text(m["why"])),
}
