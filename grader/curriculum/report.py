"""The faults found in one file, and the words in which they are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from grader.errors import Fault

MOST = 100
"""Faults that are told of one file; a broken file has no use for more."""


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
class Report:
    """Collects the faults of one file; ``path`` is the path as users read it."""

    path: Path
    faults: list[Fault] = field(default_factory=list)

    def add(self, at: Placed, problem: str, remedy: str) -> None:
        """Note a fault; past the first hundred of a file, only that there are more."""
        if len(self.faults) == MOST:
            problem, remedy = "more faults follow", "mend those above first"
        if len(self.faults) <= MOST:
            self.faults.append(Fault(self.path, at.line, at.column, problem, remedy))


def quoted(text: str) -> str:
    """The text as it may be printed: one line, no control characters, at most 60 letters."""
    shown = text if len(text) <= 60 else text[:57] + "..."
    return '"' + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown) + '"'


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """The remedy for an unknown name: the known one that is nearest, or ``otherwise``."""
    import difflib

    near = difflib.get_close_matches(word[:80], list(known), n=1)
    return f"did you mean {quoted(near[0])}?" if near else otherwise


def among(names: Iterable[str]) -> str:
    """The names in a row, for a remedy."""
    return ", ".join(names)
