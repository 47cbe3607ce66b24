"""Runs the lines of "See it break" as a learner would, and compares what they print."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile

from grader.course.lessons.lesson import Snippet
from grader.grading.system.interpreter import make_environment

SECONDS = 60.0
LINES = (3, 6)
"""Lines of a snippet beside blank ones, comments and imports."""
TOLERANCE = 1e-3
"""How far a printed number may be from the lesson's, absolutely or in relation to it."""

_NUMBER = re.compile(r"(?<![\w.])[-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w)")


def run_snippet(code: str, seconds: float = SECONDS) -> str:
    """Return what the code prints, with its error's last line; the code runs in a fresh Python."""
    with tempfile.TemporaryDirectory(prefix="groundwork-snippet-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-c", code],
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                cwd=folder,
                env=make_environment(),
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"(no end after {seconds:g} seconds)"
    last = done.stderr.strip().splitlines()[-1:] if done.returncode else []
    return "\n".join([done.stdout.strip(), *last]).strip()


def find_shortfall(snippet: Snippet) -> tuple[str, str] | None:
    """Return what is wrong with a snippet and what to do; None where it prints what it says."""
    count = len(_read_lines(snippet.code))
    fewest, most = LINES
    if not fewest <= count <= most:
        return f"the snippet has {count} lines beside imports", f"write {fewest} to {most}"
    printed = run_snippet(snippet.code)
    if is_same_output(printed, snippet.output):
        return None
    shown = printed if len(printed) <= 400 else printed[:400] + " ..."
    return f"the snippet prints something else: {shown!r}", "copy its output, or fix the code"


def _read_lines(code: str) -> list[str]:
    """Return the lines that count: no blank ones, comments or imports."""
    lines = (line.strip() for line in code.splitlines())
    return [line for line in lines if line and not line.startswith(("#", "import ", "from "))]


def is_same_output(printed: str, expected: str) -> bool:
    """Return whether two outputs have the same words, and numbers within the tolerance."""
    if _NUMBER.sub("#", _flatten(printed)) != _NUMBER.sub("#", _flatten(expected)):
        return False
    pairs = zip(_read_numbers(printed), _read_numbers(expected), strict=True)
    return all(abs(a - b) <= TOLERANCE * max(1.0, abs(b)) for a, b in pairs)


def _flatten(text: str) -> str:
    return " ".join(text.split())


def _read_numbers(text: str) -> list[float]:
    return [float(n.replace("−", "-")) for n in _NUMBER.findall(_flatten(text))]
