"""How attempts add up to a standing: pure rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from grader.outcome import Attempt, Standing


def after(standing: Standing, attempt: Attempt) -> Standing:
    """The standing after one more attempt."""
    standing = replace(
        standing,
        attempts=standing.attempts + 1,
        first_attempt_at=standing.first_attempt_at or attempt.at,
        last_attempt_at=attempt.at,
        last_verdict=attempt.verdict,
        mistake=attempt.mistake,
        hints=max(standing.hints, attempt.hints),
        revealed=standing.revealed or attempt.revealed,
    )
    return passing(standing, attempt) if attempt.verdict == "passed" else standing


def passing(standing: Standing, attempt: Attempt) -> Standing:
    """The standing after a pass: the first one's time stays, the latest one's checks count."""
    if standing.passed_at is None:
        standing = replace(standing, passed_at=attempt.at, passed_day=attempt.day)
    return replace(standing, passed_checks_hash=attempt.checks_hash, skipped=False)


def tally(attempts: Iterable[Attempt]) -> dict[str, Standing]:
    """The standings that follow from attempts in order of time."""
    standings: dict[str, Standing] = {}
    for attempt in attempts:
        name = attempt.exercise
        standings[name] = after(standings.get(name, Standing(name)), attempt)
    return standings


def joined(one: Standing, other: Standing) -> Standing:
    """Both accounts of one exercise as one: neither's pass, attempts or hints are lost."""
    late, early = (one, other) if _last(one) > _last(other) else (other, one)
    passes = [s for s in (late, early) if s.passed_at is not None]
    first = min(passes, key=lambda s: s.passed_at or "", default=late)
    starts = [s.first_attempt_at for s in (late, early) if s.first_attempt_at is not None]
    return replace(
        late,
        attempts=max(late.attempts, early.attempts),
        first_attempt_at=min(starts, default=None),
        passed_at=first.passed_at,
        passed_day=first.passed_day,
        passed_checks_hash=passes[0].passed_checks_hash if passes else None,
        hints=max(late.hints, early.hints),
        revealed=late.revealed or early.revealed,
        skipped=(late.skipped or early.skipped) and not passes,
    )


def _last(standing: Standing) -> str:
    return standing.last_attempt_at or ""
