"""A worker that is killed from outside: the run is begun again once, and no learner is blamed."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from small_course import REFERENCE, Bench, body, first, statuses

from grader.grading.client import Engine

WAIT = """
import os, time
with open({flag!r}, "a") as file:
    file.write(f"{{os.getpid()}} ")
if len(open({flag!r}).read().split()) <= {times}:
    time.sleep(30)
"""


def kill_each(flag: Path, times: int, number: int) -> threading.Thread:
    """Kill each process that writes its number to the file, so many of them."""

    def kill() -> None:
        killed = 0
        end = time.monotonic() + 60
        while killed < times and time.monotonic() < end:
            found = flag.read_text().split() if flag.exists() else []
            for pid in found[killed:]:
                os.kill(int(pid), number)
                killed += 1
            time.sleep(0.01)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("place", ["in a call", "while loading"])
def test_a_worker_that_is_killed_once_costs_nothing(
    bench: Bench, tmp_path: Path, place: str, number: int
) -> None:
    """The run is begun again, and its report is that of the learner's code."""
    flag = tmp_path / "flag"
    wait = WAIT.format(flag=str(flag), times=1)
    killer = kill_each(flag, 1, number)
    report = bench.grade(body(wait.strip()) if place == "in a call" else wait + REFERENCE)
    killer.join()
    assert statuses(report) == ["passed"] * 3
    assert not report.fault and not report.worker_killed


@pytest.mark.slow
def test_without_fork_it_is_begun_again_too(cold: Engine, bench: Bench, tmp_path: Path) -> None:
    """The same where each process is a fresh one."""
    flag = tmp_path / "flag"
    wait = WAIT.format(flag=str(flag), times=1)
    killer = kill_each(flag, 1, signal.SIGKILL)
    report = Bench(cold, bench.root).grade(wait + REFERENCE)
    killer.join()
    assert statuses(report) == ["passed"] * 3 and not report.worker_killed


def test_a_worker_that_is_killed_each_time_is_a_crash(bench: Bench, tmp_path: Path) -> None:
    """The second time its end is reported; the checks after it have their answers."""
    flag = tmp_path / "flag"
    killer = kill_each(flag, 2, signal.SIGKILL)
    report = bench.grade(body(WAIT.format(flag=str(flag), times=9).strip()))
    killer.join()
    assert statuses(report) == ["crashed", "passed", "passed"]
    assert "SIGKILL" in first(report).message and not report.fault
    assert len(flag.read_text().split()) == 2


def test_the_references_worker_is_never_the_learners_fault(bench: Bench, tmp_path: Path) -> None:
    """Where the reference is killed in a race, the run is begun again, and is ours at last."""
    flag = tmp_path / "flag"
    bench.checks(
        "def test_a_race(twice, reference, pace):\n"
        "    assert pace(twice, reference('twice'), lambda: (3,)) < 50\n"
    )
    file = bench.root / "solutions" / "demo" / "twice.py"
    for times, fault in ((1, False), (9, True)):
        flag.unlink(missing_ok=True)
        file.write_text(body(WAIT.format(flag=str(flag), times=times).strip()), "utf-8")
        killer = kill_each(flag, min(times, 2), signal.SIGKILL)
        report = bench.grade(REFERENCE)
        killer.join()
        assert ("the reference did not answer" in report.fault) is fault
        assert statuses(report) == ([] if fault else ["passed"])
