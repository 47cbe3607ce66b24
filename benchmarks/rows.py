"""What is measured, against what, and what it must reach."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import history
from benchmarks.clone import EXERCISE, Clone
from benchmarks.pairs import Ratio, paired, tail, timed
from benchmarks.terminal import watched
from grader.base.paths import Workspace
from grader.grading.client import Engine
from grader.learner.records import Records
from grader.services.grading import grade
from grader.services.session import Session

FEW, MANY = 1_000, 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison."""

    name: str
    what: str
    against: str
    reach: float
    aim: float | None
    measure: Callable[[Clone, int], Ratio]
    """Takes the workspace, and how often to measure: more for what is quick."""


def one(clone: Clone, effort: int) -> Ratio:
    """One exercise, from the shell and back."""
    return paired(timed(lambda: clone.grade(EXERCISE)), _cold(clone), 2 * effort)


def watch(clone: Clone, effort: int) -> Ratio:
    """From a save to the verdict on the screen."""
    with watched(clone) as at_work:
        return paired(at_work.seconds, _cold(clone), effort)


def everything(clone: Clone, effort: int) -> Ratio:
    """All references, isolated, beside all of them in one process."""
    checks = sorted(str(p.relative_to(clone.root)) for p in clone.root.glob("*/*/check_*.py"))
    return paired(
        timed(lambda: clone.grade("--all", "--target", "solutions")),
        timed(lambda: clone.python("-m", "pytest", "-q", "--target", "solutions", *checks)),
        effort,
    )


def status(clone: Clone, effort: int) -> Ratio:
    """The quickest command, with records to read."""
    clone.grade("--all")
    torch = timed(lambda: clone.python("-c", "import torch"))
    return paired(timed(lambda: clone.grade("status")), torch, 2 * effort)


def record_over_a_year(clone: Clone, effort: int) -> Ratio:
    """Recording, with the history spread over twelve months."""
    return _record(clone.root / "year", 12, effort)


def record_in_one_month(clone: Clone, effort: int) -> Ratio:
    """Recording, with all of the history in the month at hand."""
    return _record(clone.root / "month", 1, effort)


def late(clone: Clone, effort: int) -> Ratio:
    """Verdict after verdict on one exercise."""
    session = Session.open(Workspace(clone.root))
    exercise = session.course.find_exercise(EXERCISE)
    with own_engine(clone), Engine() as engine:
        grade(session, engine, exercise, 1, "solutions")
        once = timed(lambda: grade(session, engine, exercise, time.time_ns() % 2**31, "solutions"))
        return tail([once() for _ in range(20 * effort)])


ROWS = (
    Row(
        "one", f"grade {EXERCISE}, warm", "cold python -m pytest on its checks", 1 / 8, 1 / 15, one
    ),
    Row("watch", "save to verdict in grade watch", "the same cold pytest", 1 / 12, 1 / 25, watch),
    Row("all", "grade --all --target solutions", "one plain pytest", 1.0, 0.5, everything),
    Row("status", "grade status", 'python -c "import torch"', 1 / 8, 1 / 15, status),
    Row(
        "year",
        f"a record after {MANY:,}",
        f"after {FEW:,}, in a year",
        1.5,
        None,
        record_over_a_year,
    ),
    Row(
        "month",
        f"a record after {MANY:,}",
        f"after {FEW:,}, this month",
        1.5,
        None,
        record_in_one_month,
    ),
    Row("late", "warm verdict, 99th percentile", "its median", 2.0, None, late),
)


def _cold(clone: Clone) -> Callable[[], float]:
    return timed(lambda: clone.python("-m", "pytest", "-q", clone.checks))


def _record(folder: Path, months: int, effort: int) -> Ratio:
    many = history.write(folder / "many", MANY, months)
    few = history.write(folder / "few", FEW, months)
    return paired(_recording(many), _recording(few), 4 * effort)


def _recording(records: Records) -> Callable[[], float]:
    return timed(lambda: records.record(history.attempt()))


@contextmanager
def own_engine(clone: Clone) -> Iterator[None]:
    """Use the clone's warm grader from this process."""
    before = os.environ.get("GROUNDWORK_ENGINE")
    os.environ["GROUNDWORK_ENGINE"] = clone.environment["GROUNDWORK_ENGINE"]
    try:
        yield
    finally:
        if before is None:
            del os.environ["GROUNDWORK_ENGINE"]
        else:
            os.environ["GROUNDWORK_ENGINE"] = before
