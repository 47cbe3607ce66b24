"""How a training run is shown: how long it is expected to take, and a line while it runs."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import TextIO

from grader.cli.console.redrawn_line import RedrawnLine
from grader.cli.console.terminal import say
from grader.course.model import EXPECTED_SECONDS, Exercise
from grader.grading.protocol.notices import StepNotice

MINUTE, HOUR = 60, 3600
FIXED = 1e5
"""From here on a loss is written with a power of ten."""


def show_expected(exercise: Exercise) -> None:
    """Show how long the checks of an exercise are expected to take, if it is long."""
    expected = format_expected(exercise)
    if expected:
        say(f"The checks of {exercise.id} take {expected}.")
        sys.stdout.flush()  # a pipe too is told before the wait


def format_expected(exercise: Exercise) -> str:
    """Return ``about 10 seconds``, or nothing if the checks do not take long."""
    seconds = exercise.expected_seconds
    return f"about {_format_seconds(seconds)}" if seconds > EXPECTED_SECONDS else ""


class StepText:
    """Puts notices of training runs into words, with the time that each run still takes.

    The time follows from the run's own pace so far: from its first notice to the newest.
    """

    def __init__(self, read_clock: Callable[[], float] = time.monotonic) -> None:
        self._read_clock = read_clock
        self._first: StepNotice | None = None
        self._last: StepNotice | None = None
        self._began = 0.0

    def format(self, notice: StepNotice) -> str:
        """Return ``step 120 of 400, loss 2.4312, 4 s left``; no time as long as none is known."""
        text = f"step {notice.step} of {notice.steps}, loss {_format_loss(notice.loss)}"
        left = self._estimate_left(notice)
        return text if left is None else f"{text}, {_format_seconds(left, short=True)} left"

    def _estimate_left(self, notice: StepNotice) -> float | None:
        now, last = self._read_clock(), self._last
        self._last = notice
        if self._first is None or last is None or _is_another_run(notice, last):
            self._first, self._began = notice, now
        done = notice.step - self._first.step
        return (now - self._began) / done * (notice.steps - notice.step) if done else None


class StepLine(RedrawnLine):
    """The line of a training run under way, on a terminal alone."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(sys.stdout if stream is None else stream)
        self._text = StepText()

    def show(self, notice: StepNotice) -> None:
        """Draw the line with the newest notice."""
        self.draw(self._text.format(notice))


def _is_another_run(notice: StepNotice, last: StepNotice) -> bool:
    return notice.step < last.step or notice.steps != last.steps


def _format_loss(loss: float) -> str:
    if math.isnan(loss) or abs(loss) < FIXED:
        return f"{loss:.4f}"
    return f"{loss:.3e}"


def _format_seconds(seconds: float, short: bool = False) -> str:
    """Return a time in words, or as ``4 s``, ``2 min``."""
    if seconds > HOUR:
        return "more than an hour"
    number, unit = math.ceil(seconds), "s" if short else "second"
    if seconds >= 2 * MINUTE:
        number, unit = round(seconds / MINUTE), "min" if short else "minute"
    return f"{number} {unit}" if short or number == 1 else f"{number} {unit}s"
