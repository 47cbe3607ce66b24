"""Where the time of one warm `grade` goes, in parts, and what could not be less."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.clone import EXERCISE, Clone
from benchmarks.pairs import Seconds, timed
from benchmarks.rows import own_engine
from grader.base.paths import Workspace
from grader.grading.client import Engine
from grader.services.grading import grade
from grader.services.session import Session

FORKS = 20
FLOOR = """
import os, statistics, sys, time
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
import pytest
from grader.grading.host.server import preload
preload()

def forked(act):
    times = []
    for _ in range(int(sys.argv[2])):
        began = time.perf_counter()
        pid = os.fork()
        if not pid:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            act()
            os._exit(0)
        os.waitpid(pid, 0)
        times.append(time.perf_counter() - began)
    return statistics.median(times)

words = ["-q", "--target", "solutions", "-p", "no:cacheprovider", sys.argv[1]]
print(forked(lambda: None), forked(lambda: pytest.main(words)))
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole, in seconds."""

    name: str
    seconds: float


def breakdown(clone: Clone, count: int) -> tuple[list[Part], list[Part]]:
    """The parts of ``grade EXERCISE``, warm, and the floor: a fork, and the checks in one."""
    bare = _median(timed(lambda: clone.python("-c", "pass")), count)
    click = _median(timed(lambda: clone.python("-c", "import click")), count)
    whole = _median(timed(lambda: clone.grade(EXERCISE)), count)
    judged, kept = _judged(clone, count)
    parts = [
        Part("Python starts", bare),
        Part("click loads", click - bare),
        Part("the grader's client loads", whole - click - judged - kept),
        Part("questions and verdict", judged),
        Part("the attempt is recorded", kept),
    ]
    words = (sys.executable, "-c", FLOOR, clone.checks, str(FORKS))
    done = subprocess.run(words, cwd=clone.root, capture_output=True, text=True, check=True)
    fork, checks = map(float, done.stdout.split()[-2:])
    return parts, [Part("one fork of the warm process", fork), Part("the checks, in one", checks)]


def _judged(clone: Clone, count: int) -> tuple[float, float]:
    """Seconds until a verdict, from a process that runs already; and those of recording it."""
    session = Session.open(Workspace(clone.root))
    exercise = session.course.find_exercise(EXERCISE)
    with own_engine(clone), Engine() as engine:
        verdict = _median(timed(lambda: grade(session, engine, exercise, 1, "solutions")), count)
        recorded = _median(timed(lambda: grade(session, engine, exercise, 1)), count)
    return verdict, max(0.0, recorded - verdict)


def _median(once: Seconds, count: int) -> float:
    once()
    return median(once() for _ in range(count))


COLOURS = ("#8da0cb", "#66c2a5", "#a6d854", "#fc8d62", "#e5c494")
SCALE, LEFT, ROW = 4000.0, 10, 26


def picture(parts: Sequence[Part], floor: Sequence[Part]) -> str:
    """Two bars on one scale, as SVG: what is, and what could not be less."""
    shapes, at = [], float(LEFT)
    for part, colour in zip(parts, COLOURS, strict=True):
        width = part.seconds * SCALE
        shapes.append(_box(at, 30, width, colour))
        at += width
    for number, (part, colour) in enumerate(zip(parts, COLOURS, strict=True)):
        y = 76 + ROW * number
        shapes.append(_box(LEFT, y, 14, colour, 14))
        shapes.append(_text(LEFT + 22, y + 12, f"{part.name}: {1000 * part.seconds:.0f} ms"))
    base = 76 + ROW * len(parts) + 10
    for number, part in enumerate(floor):
        y = base + 22 + 44 * number
        shapes.append(_text(LEFT, y, f"{part.name}: {1000 * part.seconds:.0f} ms"))
        shapes.append(_box(LEFT, y + 6, part.seconds * SCALE, "#b3b3b3", 16))
    whole = 1000 * sum(part.seconds for part in parts)
    shapes.append(_text(LEFT, 20, f"grade {EXERCISE}, warm: {whole:.0f} ms"))
    size = f'width="760" height="{base + 110}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" role="img">'
    title = "<title>Where the time of one warm grading goes</title>"
    back = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return "\n".join([head, title, back, *shapes, "</svg>"]) + os.linesep


def _box(x: float, y: float, width: float, colour: str, height: float = 34) -> str:
    size = f'width="{width:.1f}" height="{height:g}"'
    return f'<rect x="{x:.1f}" y="{y:g}" {size} fill="{colour}"/>'


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="14" fill="#222222">{text}</text>'
