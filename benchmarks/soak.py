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
from grader.base.errors import GraderFault
from grader.base.paths import Workspace
from grader.grading.client import Engine
from grader.grading.host import discovery
from grader.grading.system.usage import measure_footprint
from grader.services.grading import grade
from grader.services.session import Session

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
        session = Session.open(Workspace(workspace.root))
        calm = _row(workspace, session, engine, asked.grades)
        safe = _killed(session, engine, asked.kills)
    return 0 if calm and safe else 1


def _row(workspace: Clone, session: Session, engine: Engine, count: int) -> bool:
    """Grade so many times; whether nothing grew and nothing was left."""
    before = (0, 0, 0, 0)
    for number in range(1, count + 1):
        _graded(session, engine, number)
        if number == min(SETTLED, count):
            before = _state(workspace)
    after = _state(workspace)
    attempts = session.records.read_standing(EXERCISE).attempts
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
    (host,) = discovery.list_hosts()
    size, processes, _ = measure_footprint(host["pid"])
    files = sum(1 for path in folder.rglob("*") if not path.is_socket())
    return size, processes, _count_descriptors(host["pid"]), files


def _count_descriptors(pid: int) -> int:
    """Descriptors of a process; 0 for a user from whom they are hidden (only root can look)."""
    with contextlib.suppress(psutil.AccessDenied):
        return int(psutil.Process(pid).num_fds())
    return 0


def _killed(session: Session, engine: Engine, count: int) -> bool:
    """Kill a process of the warm grader during each of so many grades; whether none was lost."""
    chance, before = random.Random(1), session.records.read_standing(EXERCISE).attempts
    given_up = 0
    for number in range(count):
        killer = threading.Timer(chance.uniform(0.0, 0.15), _kill, [chance])
        killer.start()
        try:
            _graded(session, engine, number)
        except GraderFault:
            given_up += 1
        killer.join()
    recorded = session.records.read_standing(EXERCISE).attempts - before
    print(f"{count} kills: {recorded} attempts recorded, {given_up} runs given up with a word")
    return recorded + given_up == count


def _kill(chance: random.Random) -> None:
    """End the host, or any process below it, at once."""
    with contextlib.suppress(psutil.NoSuchProcess, IndexError, ProcessLookupError):
        host = psutil.Process(discovery.list_hosts()[0]["pid"])
        victim = host if chance.random() < 0.5 else chance.choice(host.children(recursive=True))
        os.kill(victim.pid, signal.SIGKILL)


def _graded(session: Session, engine: Engine, seed: int) -> None:
    """One pass, recorded."""
    outcome = grade(session, engine, session.course.find_exercise(EXERCISE), seed)
    if outcome.verdict == "grader_error":
        raise GraderFault(outcome.fault)


if __name__ == "__main__":
    sys.exit(main())
