"""Plain pytest beside the judge: how its runs are divided, and when one is given up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from grader.authoring.case import Case, read_case, read_one_case
from grader.authoring.child_process import ChildProcess
from grader.authoring.plain_pytest import BATCH, list_left_out, make_batches
from grader.base.paths import Workspace
from grader.course.loader import files
from grader.services.session import Session

ROOT = Path(__file__).parents[2]
WRITES = """
import sys, time
for _ in range(5):
    time.sleep(1.2)
    with open(sys.argv[1], "a") as results:
        print("one more", file=results)
print("done")
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def case() -> Case:
    """An exercise of the course."""
    session = Session.open(Workspace(ROOT))
    exercise = session.find_one("attention/softmax")
    entries = {found.id: found for found in files.read(session.workspace).iterate_exercises()}
    return read_case(session, exercise, entries[exercise.id])


def test_batches_keep_each_exercise_whole_and_their_order(case: Case) -> None:
    """One batch has as many mistakes as it may, or those of one exercise that has more."""
    counts = [100, 100, 60, BATCH + 1, 1, BATCH, 0]
    cases = [
        replace(case, lesson=str(number), variants=case.variants[:1] * count)
        for number, count in enumerate(counts)
    ]
    batches = [[counts[int(one.lesson)] for one in batch] for batch in make_batches(cases)]
    assert batches == [[100, 100], [60], [BATCH + 1], [1], [BATCH, 0]]
    assert make_batches([]) == []


def run_writer(results: Path, silent_for: float) -> subprocess.CompletedProcess[bytes]:
    """Run what writes a result five times, then is silent; four seconds of that are too much."""
    command = [sys.executable, "-c", WRITES, str(results), str(silent_for)]
    return ChildProcess().run(command, results.parent, dict(os.environ), 4.0, results)


@pytest.mark.slow
def test_a_run_that_has_results_may_take_long(tmp_path: Path) -> None:
    """A process that takes longer in all than it may be silent is not ended."""
    results = tmp_path / "results"
    results.touch()
    assert run_writer(results, 0.0).stdout == b"done\n"


@pytest.mark.slow
def test_a_run_that_goes_silent_is_ended(tmp_path: Path) -> None:
    """A process without a further result is killed."""
    results = tmp_path / "results"
    results.touch()
    began = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        run_writer(results, 60.0)
    assert len(results.read_text().splitlines()) == 5
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ("exercise", "costly"),
    [
        ("kv_cache/cache", ["test_a_token_costs_the_same_at_every_length"]),
        (
            "training/resume",  # the other check with a kill catches no mistake of its own
            ["test_a_kill_during_saving_leaves_a_whole_checkpoint"],
        ),
    ],
)
def test_what_costs_much_is_asked_of_a_mistake_about_it_alone(
    exercise: str, costly: list[str]
) -> None:
    """A mistake that is only slow meets the check of the pace, and no other mistake does."""
    session = Session.open(Workspace(ROOT))
    case = read_one_case(session, session.find_one(exercise))
    about = {one.name: one.caught_by for one in case.mistakes}
    assert set(costly) <= {*about.values()}
    for variant in case.variants:
        expected = [name for name in costly if name != about[variant.mistake]]
        assert list_left_out(case, variant.label) == expected
