"""Time limits that count what is computed, so that a busy machine changes no verdict.

Honest code that is slow by itself would miss a deadline of the clock while other programs use the
processor. So the seconds for which the processes have computed count, as long as they compute at
all, and the clock may show up to ``PATIENCE`` times as much.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable

from grader.grading.protocol.plan import PATIENCE

COMPUTING = 0.1
"""Processes that have computed for less than this part of the time wait for something else."""
QUICK = 0.05
"""Nearly all answers come within so many seconds, and what they took need not be counted."""
LEAST_WAIT = 0.05
"""A shorter wait, in seconds, is not worth asking again what was computed."""


class TimeLimit:
    """A number of seconds for some processes together, from now on."""

    def __init__(
        self,
        seconds: float,
        read_computed: Callable[[], float],
        read_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``read_computed`` returns the seconds for which the processes have computed so far."""
        self._seconds, self._read_computed, self._read_clock = seconds, read_computed, read_clock
        self._began, self._before = read_clock(), read_computed()

    def read_spent(self) -> float:
        """Return the seconds spent: those computed, or those passed if hardly anything was."""
        passed = self._read_clock() - self._began
        computed = self.read_computed()
        return passed if computed < COMPUTING * passed else min(passed, computed)

    def read_computed(self) -> float:
        """Return the seconds computed, however long others kept the processes waiting."""
        return self._read_computed() - self._before

    def read_left(self) -> float:
        """Return the seconds left; 0 or less when the limit is reached."""
        passed = self._read_clock() - self._began
        if passed < self._seconds:  # no more can be spent, and the clock alone is read quickly
            return self._seconds - passed
        return min(self._seconds - self.read_spent(), PATIENCE * self._seconds - passed)

    def make_share(self, part: float) -> TimeLimit:
        """Return a limit of a part of what is left."""
        left = max(0.0, self.read_left())
        return TimeLimit(part * left, self._read_computed, self._read_clock)


def is_answered_at_once(channel: socket.socket) -> bool:
    """Return True as soon as an answer comes; False if none comes within ``QUICK`` seconds.

    To be asked before a limit is made: to read what a process and all its children have computed
    takes as long as a question and its answer.
    """
    return bool(select.select([channel], [], [], QUICK)[0])


def wait_until_readable(channel: socket.socket, *limits: TimeLimit) -> None:
    """Wait for the first byte of an answer; ``TimeoutError`` when one of the limits is reached."""
    while True:
        left = min(limit.read_left() for limit in limits)
        if left <= 0:
            raise TimeoutError
        if select.select([channel], [], [], max(left, LEAST_WAIT))[0]:
            return
