"""A training run that has so much time: its clock, its plan, and how it goes on after a stop."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any


class TimedRun:
    """How far a training run has come within its time, and its best loss."""

    def __init__(self, minutes: float) -> None:
        """Start the clock of a run that may take so many minutes."""
        self.budget = 60 * minutes
        self.step = 0
        self.each = 0.0
        """Seconds for a step, with its share of evaluations and samples."""
        self.best = math.inf
        self._began = time.monotonic()

    def start(self, each: float) -> None:
        """Start the clock anew, after a trial that showed how many seconds a step takes."""
        self.each, self._began = each, time.monotonic()

    def get_seconds(self) -> float:
        """Return how many seconds the run has taken, those before a stop included."""
        return time.monotonic() - self._began

    def get_seconds_left(self) -> float:
        """Return how many seconds are left."""
        return max(0.0, self.budget - self.get_seconds())

    def has_time(self) -> bool:
        """Return whether there is time for a step; the first one is taken in any case."""
        return self.step == 0 or self.get_seconds_left() > self.each

    def plan_stretch(self, length: float) -> tuple[int, int]:
        """Return how many steps to take until the next evaluation, and how many in all.

        Evaluations are ``length`` seconds apart. The last two stretches are made one, where the
        last would be short.
        """
        left = max(1, int(self.get_seconds_left() / self.each))
        count = max(1, int(length / self.each))
        return (left if left < 1.5 * count else count), self.step + left

    def save(self) -> dict[str, Any]:
        """Return what ``load`` takes, to be kept with the weights."""
        return {
            "best": self.best,
            "step": self.step,
            "each": self.each,
            "seconds": self.get_seconds(),
        }

    def can_continue(self, running: Mapping[str, Any]) -> bool:
        """Return whether a run that was stopped has time left."""
        return bool(self.budget - running["seconds"] > running["each"])

    def load(self, running: Mapping[str, Any]) -> None:
        """Go on where a run was stopped; the time since then does not count."""
        self.best, self.step, self.each = running["best"], running["step"], running["each"]
        self._began = time.monotonic() - running["seconds"]
