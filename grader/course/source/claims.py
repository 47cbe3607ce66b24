"""What a check file claims, read without running it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.base import render_cache
from grader.course.source.syntax import Function, parse_source, read_sentence


@dataclass(frozen=True, slots=True)
class Claim:
    """One check: its function's name, what it claims, and the line of its definition."""

    name: str
    claim: str
    """The first paragraph of its docstring; empty where it has none."""
    line: int
    asks: tuple[str, ...] = ()
    """Its parameters: fixtures, and names in the learner's file."""


def read_claims(check_text: str, *, path: Path = Path("checks.py")) -> tuple[Claim, ...]:
    """Return the checks of a check file in order: its top-level functions named ``test_...``."""

    def read() -> list[tuple[str, str, int, tuple[str, ...]]]:
        return [
            (node.name, read_sentence(node), node.lineno, _list_parameters(node))
            for node in parse_source(check_text, path).body
            if isinstance(node, Function) and node.name.startswith("test_")
        ]

    cached = render_cache.compute(read, "claims", check_text)
    return tuple(Claim(name, claim, line, tuple(asks)) for name, claim, line, asks in cached)


def _list_parameters(function: Function) -> tuple[str, ...]:
    given = function.args
    return tuple(one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs))
