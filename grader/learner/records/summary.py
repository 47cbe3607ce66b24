"""How attempts add up to a standing: pure rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from grader.grading.outcome import Attempt, Standing


def add_attempt(standing: Standing, attempt: Attempt) -> Standing:
    """Return the standing after one more attempt."""
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
    return add_pass(standing, attempt) if attempt.verdict == "passed" else standing


def add_pass(standing: Standing, attempt: Attempt) -> Standing:
    """Return the standing after a pass; the first pass's time stays, the latest's checks count."""
    if standing.passed_at is None:
        standing = replace(standing, passed_at=attempt.at, passed_day=attempt.day)
    return replace(standing, passed_checks_hash=attempt.checks_hash, skipped=False)


def summarize(attempts: Iterable[Attempt]) -> dict[str, Standing]:
    """Return the standings that follow from attempts in order of time."""
    standings: dict[str, Standing] = {}
    for attempt in attempts:
        name = attempt.exercise
        standings[name] = add_attempt(standings.get(name, Standing(name)), attempt)
    return standings


def join_standings(one: Standing, other: Standing) -> Standing:
    """Join two standings of one exercise: neither's pass, attempts or hints are lost."""
    late, early = (one, other) if _find_last(one) > _find_last(other) else (other, one)
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


def _find_last(standing: Standing) -> str:
    return standing.last_attempt_at or ""
