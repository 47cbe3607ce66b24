"""How long each exercise took last time, so that the slowest can begin first."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.base.cache import Cache
from grader.course.model import Exercise

KIND = "pace"
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Durations:
    """Seconds by exercise for one kind of run; losing them costs only order."""

    cache: Cache
    of: str
    """What was run: a target of grading, or the course gate."""
    added: dict[str, str] = field(default_factory=dict)

    def read(self) -> dict[str, float]:
        """Return the seconds that each exercise took when it was last run."""
        found: dict[str, float] = {}
        for exercise, seconds in (self.cache.get(KIND, self.of) or {}).items():
            try:
                found[exercise] = float(seconds)
            except (TypeError, ValueError):
                continue
        return found

    def add(self, exercise: str, seconds: float) -> None:
        """Add the seconds that an exercise took."""
        self.added[exercise] = f"{seconds:.3f}"

    def save(self) -> None:
        """Write what was added, beside what was known of the others."""
        if self.added:
            old = {name: f"{seconds:.3f}" for name, seconds in self.read().items()}
            self.cache.put({**old, **self.added}, KIND, self.of)


def weigh(exercise: Exercise, expected: dict[str, float]) -> float:
    """Return the expected seconds; an exercise that was never run counts as the longest."""
    return expected.get(exercise.id, HOUR * (1 + exercise.minutes))
