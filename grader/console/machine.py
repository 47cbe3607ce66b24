"""What ``--json`` prints: one object and nothing else, as docs/json.md describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from grader.course import Course
from grader.outcome import Outcome, Standing
from grader.progress import Progress, Study

SCHEMA = 1


def results(outcomes: list[Outcome]) -> str:
    """The outcomes of a grading."""
    return _text({"schema": SCHEMA, "results": [_result(outcome) for outcome in outcomes]})


def status(
    course: Course, progress: Progress, standings: Mapping[str, Standing], days: Study
) -> str:
    """How far it has gone."""
    exercises = {}
    for exercise in course.exercises():
        standing = standings.get(exercise.id, Standing(exercise.id))
        exercises[exercise.id] = {
            "state": progress.states[exercise.id],
            "attempts": standing.attempts,
            "passed_at": standing.passed_at,
        }
    totals = {"exercises": progress.total.exercises, "passed": progress.total.passed}
    return _text(
        {
            "schema": SCHEMA,
            "next": progress.next,
            "totals": totals,
            "days": days._asdict(),
            "exercises": exercises,
        }
    )


def catalogue(course: Course, progress: Progress) -> str:
    """Every exercise, in course order."""
    return _text(
        [
            {
                "id": exercise.id,
                "title": exercise.title,
                "unit": unit.id,
                "phase": phase.id,
                "needs": list(exercise.needs),
                "state": progress.states[exercise.id],
            }
            for phase in course.phases
            for unit in phase.units
            for exercise in unit.exercises
        ]
    )


def following(exercise_id: str | None, path: str | None) -> str:
    """What comes next, and the file to open."""
    return _text({"schema": SCHEMA, "next": exercise_id, "path": path})


def _result(outcome: Outcome) -> dict[str, Any]:
    return {
        "exercise": outcome.exercise,
        "target": outcome.target,
        "verdict": outcome.verdict,
        "checks": [asdict(check) for check in outcome.checks],
        "looks_like": asdict(outcome.looks_like) if outcome.looks_like else None,
        "seed": outcome.seed,
        "seconds": round(outcome.seconds, 3),
    }


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
