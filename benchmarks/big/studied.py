"""Attempts of three years, in the very files that the records would have written."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from grader.base.paths import Workspace
from grader.course.model import Exercise
from grader.grading.outcome import Attempt, Status
from grader.learner.records.months import FULL, find_month
from grader.learner.records.rows import Row, make_row
from grader.learner.records.schemas import ATTEMPTS
from grader.services.session import Session

SPAN = 1_095
"""Days over which the attempts are spread."""
LEFT = 1 / 12
"""The share of the exercises, the last ones, that nobody has tried yet."""


def attempts(own: Workspace, count: int, today: date, chance: random.Random) -> None:
    """Write so many attempts, and the standings that follow from them; lay the stubs."""
    session = Session.open(own)
    tried, untried = _parted(list(session.course.iterate_exercises()))
    made = sorted(_made(session, tried, count, today, chance), key=lambda attempt: attempt.at)
    (own.progress / "attempts").mkdir(parents=True)
    for month, held in groupby(made, find_month):
        _write(own, month, list(held), chance)
    assert sum(session.records.count_days().values()) == count
    for exercise in (*tried, *untried):
        own.locate_stub(exercise.id).parent.mkdir(parents=True, exist_ok=True)
        if exercise in tried:
            shutil.copy(own.locate_reference(exercise.id), own.locate_stub(exercise.id))
        else:
            own.locate_stub(exercise.id).write_text(session.make_stub(exercise), "utf-8")


def _parted(exercises: list[Exercise]) -> tuple[list[Exercise], list[Exercise]]:
    left = max(1, round(len(exercises) * LEFT))
    return exercises[:-left], exercises[-left:]


def _made(
    session: Session, exercises: list[Exercise], count: int, today: date, chance: random.Random
) -> Iterator[Attempt]:
    """Each exercise in its own stretch of the years: failures, a pass, and repetitions."""
    for number, exercise in enumerate(exercises):
        share = count * (number + 1) // len(exercises) - count * number // len(exercises)
        checks = [claim.name for claim in session.read_claims(exercise)]
        wrong = [mistake.name for mistake in session.read_mistakes(exercise)]
        digest = session.hash_checks(exercise)
        began = SPAN - SPAN * number // len(exercises)
        days = sorted(chance.randint(max(0, began - 60), began) for _ in range(share))[::-1]
        for turn, back in enumerate(days):
            day = today - timedelta(days=back)
            second = 36_000 + 40_000 * turn // share
            at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)
            passed = turn >= 3 and chance.random() < 0.5
            yield Attempt(
                exercise.id,
                "passed" if passed else "failed",
                _statuses(checks, passed, chance),
                chance.randrange(2**31),
                round(chance.uniform(0.05, 0.9), 3),
                f"{chance.getrandbits(256):064x}",
                digest,
                at.isoformat(),
                day.isoformat(),
                None if passed or chance.random() < 0.5 else chance.choice(wrong),
                min(3, turn // 4),
            )


def _statuses(checks: list[str], passed: bool, chance: random.Random) -> dict[str, Status]:
    broken = len(checks) if passed else chance.randrange(len(checks))
    found: dict[str, Status] = dict.fromkeys(checks[:broken], "passed")
    return found | dict.fromkeys(checks[broken:], "failed")


def _write(own: Workspace, month: str, held: list[Attempt], chance: random.Random) -> None:
    """The month's files, each but the last full."""
    part: dict[str, Row] = {}
    number = size = place = 0
    before = ""
    for attempt in held:
        stamp = f"{datetime.fromisoformat(attempt.at):%Y%m%dT%H%M%SZ}"
        place = place + 1 if stamp == before else 1
        before, row = stamp, make_row(attempt)
        part[f"{stamp}-{place:04d}-{chance.getrandbits(32):08x}"] = row
        size += len(ATTEMPTS.encode({"attempts": {"": row}}))
        if size >= FULL:
            number, part, size = _flush(own, month, number, part), {}, 0
    if part:
        _flush(own, month, number, part)


def _flush(own: Workspace, month: str, number: int, part: dict[str, Row]) -> int:
    name = f"{month}.json" if number == 0 else f"{month}.{number + 1}.json"
    (own.progress / "attempts" / name).write_bytes(ATTEMPTS.encode({"attempts": part}))
    return number + 1
