"""What became of an exercise's mutants, as data that can be cached."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from grader.authoring.mutation.mutant import Mutant
from grader.base.errors import Fault


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that every check passes, without its text."""

    says: str
    line: int
    was: str
    becomes: str
    diff: str
    breaks: str = ""
    """The check that breaks on it, where one does: that is a fault, and no verdict."""

    @classmethod
    def from_mutant(cls, mutant: Mutant, breaks: str) -> Survivor:
        """Build the survivor of a mutant."""
        return cls(mutant.says, mutant.line, mutant.was, mutant.becomes, mutant.diff, breaks)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the checks of one exercise noticed."""

    exercise: str
    reference: Path
    mutants: int
    survivors: tuple[Survivor, ...]
    seconds: float
    """What its runs took together; nothing where it was known."""
    unexplained: tuple[Survivor, ...] = ()
    """The survivors that the author gives no reason for."""
    faults: tuple[Fault, ...] = field(default=())

    @property
    def noticed(self) -> int:
        """Return how many mutants some check does not pass."""
        return self.mutants - len(self.survivors)

    @property
    def percent(self) -> float:
        """Return how many of a hundred mutants that are not explained are noticed."""
        noticeable = self.noticed + len(self.unexplained)
        return 100 * self.noticed / noticeable if noticeable else 100.0

    def to_cache(self) -> dict[str, str]:
        """Return what a cache stores of it."""
        survivors = json.dumps([asdict(survivor) for survivor in self.survivors])
        return {"mutants": str(self.mutants), "survivors": survivors}

    @classmethod
    def from_cache(cls, exercise: str, reference: Path, cached: dict[str, str]) -> Tally:
        """Build the tally that a cache stored."""
        survivors = tuple(Survivor(**survivor) for survivor in json.loads(cached["survivors"]))
        return cls(exercise, reference, int(cached["mutants"]), survivors, 0.0)
