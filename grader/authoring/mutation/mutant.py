"""A mutant: a source with one small change, and where and what that change is."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change of a source."""

    text: str
    says: str
    """The change in words: ``< becomes <=``."""
    line: int
    """Where it is in the source, counted from 1."""
    was: str
    """The lines that it takes away, each without spaces at its ends."""
    becomes: str
    diff: str
    """The change as a unified diff, with one line around it."""

    @classmethod
    def from_texts(cls, source: str, text: str, says: str) -> Mutant:
        """Return the mutant that makes ``text`` of ``source``."""
        old, new = source.splitlines(), text.splitlines()
        pairs = zip(old, new, strict=False)
        fewest = min(len(old), len(new))
        start = next((n for n, (a, b) in enumerate(pairs) if a != b), fewest)
        pairs = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
        same = next((n for n, (a, b) in enumerate(pairs) if a != b), fewest - start)
        diff = difflib.unified_diff(old, new, n=1, lineterm="")
        return cls(
            text,
            says,
            start + 1,
            _strip_lines(old[start : len(old) - same]),
            _strip_lines(new[start : len(new) - same]),
            "\n".join(line for line in diff if not line.startswith(("---", "+++"))),
        )


def _strip_lines(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines)
