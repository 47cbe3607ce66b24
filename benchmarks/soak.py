"""``python -m benchmarks.soak``: many grades in a row, then kills at random moments.

It says what the warm grader has grown by, what it has left behind, and whether an attempt was
lost or counted twice; exit code 1 when any of that is not as it should be.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

import psutil

from benchmarks.clone import EXERCISE, Clone, clone
from benchmarks.rows import own_engine
from grader.engine import door
from grader.engine.client import Engine
from grader.engine.process import footprint
from grader.errors import GraderFault
from grader.practice import Desk, grade
from grader.workspace import Workspace

GROWTH = 1.05
"""The most that the warm grader may grow by."""
SETTLED = 20
"""Grades after which its size is first taken."""


def main() -> int:
    """Grade, kill, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--grades", type=int, default=500)
    parser.add_argument("--kills", type=int, default=200)
    asked = parser.parse_args()
    with clone() as workspace, own_engine(workspace), Engine() as engine:
        desk = Desk.at(Workspace(workspace.root))
        calm = _row(workspace, desk, engine, asked.grades)
        safe = _killed(desk, engine, asked.kills)
    return 0 if calm and safe else 1


def _row(workspace: Clone, desk: Desk, engine: Engine, count: int) -> bool:
    """Grade so many times; whether nothing grew and nothing was left."""
    before = (0, 0, 0, 0)
    for number in range(1, count + 1):
        _graded(desk, engine, number)
        if number == min(SETTLED, count):
            before = _state(workspace)
    after = _state(workspace)
    attempts = desk.records.standing(EXERCISE).attempts
    names = ("bytes", "processes", "descriptors", "files")
    for name, was, now in zip(names, before, after, strict=True):
        print(f"{name:12}{was:12,}  after {min(SETTLED, count)} grades{now:14,}  after {count}")
    print(f"{attempts} attempts recorded of {count}")
    steady = after[0] <= GROWTH * before[0] and after[1:] == before[1:]
    return steady and attempts == count


def _state(workspace: Clone) -> tuple[int, int, int, int]:
    """Bytes, processes, descriptors and files of the warm grader, once it has come to rest."""
    folder = Path(workspace.environment["GROUNDWORK_ENGINE"])
    time.sleep(1.5)
    (host,) = door.hosts()
    size, processes, _ = footprint(host["pid"])
    files = sum(1 for path in folder.rglob("*") if not path.is_socket())
    return size, processes, psutil.Process(host["pid"]).num_fds(), files


def _killed(desk: Desk, engine: Engine, count: int) -> bool:
    """Kill a process of the warm grader during each of so many grades; whether none was lost."""
    chance, before = random.Random(1), desk.records.standing(EXERCISE).attempts
    given_up = 0
    for number in range(count):
        killer = threading.Timer(chance.uniform(0.0, 0.15), _kill, [chance])
        killer.start()
        try:
            _graded(desk, engine, number)
        except GraderFault:
            given_up += 1
        killer.join()
    recorded = desk.records.standing(EXERCISE).attempts - before
    print(f"{count} kills: {recorded} attempts recorded, {given_up} runs given up with a word")
    return recorded + given_up == count


def _kill(chance: random.Random) -> None:
    """End the host, or any process below it, at once."""
    with contextlib.suppress(psutil.NoSuchProcess, IndexError, ProcessLookupError):
        host = psutil.Process(door.hosts()[0]["pid"])
        victim = host if chance.random() < 0.5 else chance.choice(host.children(recursive=True))
        os.kill(victim.pid, signal.SIGKILL)


def _graded(desk: Desk, engine: Engine, seed: int) -> None:
    """One pass, recorded."""
    outcome = grade(desk, engine, desk.course.exercise(EXERCISE), seed)
    if outcome.verdict == "grader_error":
        raise GraderFault(outcome.fault)


if __name__ == "__main__":
    sys.exit(main())
