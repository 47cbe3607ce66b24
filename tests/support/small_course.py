"""A workspace with one small exercise, and how to read what its grading found."""

from __future__ import annotations

from pathlib import Path

from grader.grading.client import Engine
from grader.grading.protocol.plan import Finding, Plan, Report, Source

CHECKS = '''
"""What is asked of twice."""

import pytest
import torch

from grader.checks import close, equal
from grader.checks import gradients, value


def test_a_number_is_doubled(twice):
    """Twice 3 is 6."""
    equal(twice(3), 6)


def test_a_tensor_is_doubled(twice, randn):
    """Each entry is doubled."""
    x = randn(2, 3)
    close(twice(x), x + x)


def test_a_word_is_refused(twice):
    """A word raises ValueError."""
    with pytest.raises(ValueError, match="word"):
        twice("word")
'''

REFERENCE = '''
"""Twice."""


def twice(x):
    """Give twice x."""
    if isinstance(x, str):
        raise ValueError("a word is no number")
    return x * 2
'''


def body(on_number: str, before: str = "") -> str:
    """The reference with something done when the number comes."""
    lines = [before, *REFERENCE.splitlines()]
    at = next(i for i, line in enumerate(lines) if "isinstance" in line)
    lines[at:at] = ["    if type(x) is int:", *(f"        {s}" for s in on_number.splitlines())]
    return "\n".join(lines)


class Bench:
    """Runs sources against the small exercise."""

    def __init__(self, engine: Engine, root: Path) -> None:
        self.engine, self.root = engine, root
        self.check_file = root / "curriculum" / "demo" / "check_twice.py"
        for file, text in [
            (self.check_file, CHECKS),
            (root / "solutions" / "demo" / "twice.py", REFERENCE),
            (root / "exercises" / "demo" / "twice.py", REFERENCE),
        ]:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

    def plan(
        self,
        text: str,
        forbids: tuple[str, ...] = (),
        reach: tuple[str, ...] | None = None,
        **changes: object,
    ) -> Plan:
        """A plan that puts the checks to ``text``."""
        path = str(self.root / "exercises" / "demo" / "twice.py")
        source = Source("demo/twice", text, path, str(self.root / "solutions"), forbids, reach)
        settings: dict[str, object] = {
            "seed": 11,
            "call_seconds": 5.0,
            "seconds": 30.0,
            "memory_mb": 512,
        }
        return Plan(source=source, check_file=str(self.check_file), **{**settings, **changes})

    def grade(self, text: str, **changes: object) -> Report:
        """The report on a source."""
        with self.engine.run(self.plan(text, **changes)) as run:
            return run.collect_report()

    def checks(self, text: str) -> None:
        """Replace the checks."""
        self.check_file.write_text(text, "utf-8")


def statuses(report: Report) -> list[str]:
    """The status of each check in order."""
    return [finding.status for finding in report.findings]


def first(report: Report) -> Finding:
    """The first finding that did not pass."""
    return next(finding for finding in report.findings if finding.status != "passed")
