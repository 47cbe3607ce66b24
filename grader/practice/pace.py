"""How long each exercise took last time, so that the slowest can begin first."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.cache import Cache
from grader.course import Exercise

KIND = "pace"
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds by exercise for one kind of run; losing them costs only order."""

    cache: Cache
    of: str
    """What was run: a target of grading, or the course gate."""
    noted: dict[str, str] = field(default_factory=dict)

    def expected(self) -> dict[str, float]:
        """The seconds that each exercise took when it was last run."""
        found: dict[str, float] = {}
        for exercise, seconds in (self.cache.get(KIND, self.of) or {}).items():
            try:
                found[exercise] = float(seconds)
            except (TypeError, ValueError):
                continue
        return found

    def note(self, exercise: str, seconds: float) -> None:
        """An exercise took so long."""
        self.noted[exercise] = f"{seconds:.3f}"

    def keep(self) -> None:
        """Keep what was noted, beside what was known of the others."""
        if self.noted:
            old = {name: f"{seconds:.3f}" for name, seconds in self.expected().items()}
            self.cache.put({**old, **self.noted}, KIND, self.of)


def weight(exercise: Exercise, expected: dict[str, float]) -> float:
    """The expected seconds; what has never run comes first, longest to write before the rest."""
    return expected.get(exercise.id, HOUR * (1 + exercise.minutes))
