"""Years of attempts in a moment, in the very files that the records would have written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.grading.outcome import Attempt, Status
from grader.learner.records import Records
from grader.learner.records.months import FULL
from grader.learner.records.rows import Row, make_row
from grader.learner.records.schemas import ATTEMPTS

CHECKS: dict[str, Status] = {f"test_claim_number_{n}_holds": "passed" for n in range(10)}
TODAY = "2026-11-22"
LAST = 80
"""Attempts in the file of a month that the next one is added to."""


def attempt(day: str = TODAY, exercise: str = "attention/softmax") -> Attempt:
    """An attempt as a grading leaves it."""
    digest, at = "c" * 64, f"{day}T10:00:00+00:00"
    return Attempt(exercise, "failed", CHECKS, 7, 0.125, digest, digest, at, day)


def write(folder: Path, count: int, months: int) -> Records:
    """Records with so many attempts in the months up to this one, each file but the last full."""
    (folder / "attempts").mkdir(parents=True)
    for month in _months(months):
        rows = _rows(month, count // months)
        for number, part in enumerate(_parts(rows), start=1):
            name = f"{month}.json" if number == 1 else f"{month}.{number}.json"
            (folder / "attempts" / name).write_bytes(ATTEMPTS.encode({"attempts": part}))
    records = Records(folder)
    assert sum(records.count_days().values()) >= count // months * months
    return records


def _months(count: int) -> Iterator[str]:
    for back in reversed(range(count)):
        year, month = divmod(2026 * 12 + 10 - back, 12)
        yield f"{year}-{month + 1:02d}"


def _rows(month: str, count: int) -> Iterator[tuple[str, Row]]:
    for number in range(count):
        second = number * 20  # a month has 2.4 million
        day, clock = divmod(second, 86_400)
        row = make_row(attempt(f"{month}-{day % 28 + 1:02d}", f"unit/exercise_{number % 100}"))
        stamp = f"{month.replace('-', '')}{day % 28 + 1:02d}T{clock:06d}Z"
        yield f"{stamp}-{number // 1_000_000 + 1:04d}-{number:08x}", row


def _parts(rows: Iterator[tuple[str, Row]]) -> Iterator[dict[str, Row]]:
    """Full files, and at last one with ``LAST`` attempts, so that all histories end alike."""
    held = list(rows)
    each = 1 + FULL // len(ATTEMPTS.encode({"attempts": dict(held[:1])}))
    for start in range(0, len(held) - LAST, each):
        yield dict(held[start : min(start + each, len(held) - LAST)])
    yield dict(held[-LAST:])
