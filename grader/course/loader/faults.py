"""The faults found in one file, and the wording that they share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from grader.base.errors import Fault

MOST = 100
"""Faults that are reported for one file; more do not help to repair it."""


class Placed(Protocol):
    """Anything with a place in a file, both counted from 1."""

    @property
    def line(self) -> int: ...  # noqa: D102

    @property
    def column(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, both counted from 1."""

    line: int
    column: int


TOP = Place(1, 1)


@dataclass(frozen=True, slots=True)
class FaultReport:
    """Collects the faults of one file; ``path`` is the path as users read it."""

    path: Path
    faults: list[Fault] = field(default_factory=list)

    def add(self, at: Placed, problem: str, remedy: str) -> None:
        """Add a fault; after the first hundred of a file, add only that more follow."""
        if len(self.faults) == MOST:
            problem, remedy = "more faults follow", "fix the ones above first"
        if len(self.faults) <= MOST:
            self.faults.append(Fault(self.path, at.line, at.column, problem, remedy))


def quote(text: str) -> str:
    """Return the text in quotes, on one line, escaped, cut to 60 characters."""
    shown = text if len(text) <= 60 else text[:57] + "..."
    return '"' + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown) + '"'


def suggest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the remedy for an unknown name: the nearest known one, or ``otherwise``."""
    import difflib

    near = difflib.get_close_matches(word[:80], list(known), n=1)
    return f"did you mean {quote(near[0])}?" if near else otherwise


def join_names(names: Iterable[str]) -> str:
    """Return the names joined by commas, for a remedy."""
    return ", ".join(names)
