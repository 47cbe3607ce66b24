"""What ``--json`` prints: one object and nothing else, as docs/json.md describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from grader.course.model import Course, Milestone
from grader.grading.outcome import CheckResult, Outcome, Standing
from grader.learner.progress import MilestoneProgress, Progress
from grader.learner.study_days import StudyDays, WeekHours

if TYPE_CHECKING:
    from grader.services.update.prepared_update import UpdateReport

SCHEMA = 1


def format_results(outcomes: list[Outcome]) -> str:
    """Return the outcomes of a grading."""
    return dump_json(
        {"schema": SCHEMA, "results": [_build_result(outcome) for outcome in outcomes]}
    )


def format_status(
    course: Course,
    progress: Progress,
    standings: Mapping[str, Standing],
    days: StudyDays,
    week: WeekHours,
) -> str:
    """Return how far the learner has come."""
    exercises = {}
    for exercise in course.iterate_exercises():
        standing = standings.get(exercise.id, Standing(exercise.id))
        exercises[exercise.id] = {
            "state": progress.states[exercise.id],
            "attempts": standing.attempts,
            "passed_at": standing.passed_at,
        }
    totals = {"exercises": progress.total.exercises, "passed": progress.total.passed}
    return dump_json(
        {
            "schema": SCHEMA,
            "next": progress.next,
            "totals": totals,
            "main_path": {"exercises": progress.path.exercises, "passed": progress.path.passed},
            "milestones": [_build_milestone(one) for one in progress.milestones],
            "days": days._asdict(),
            "week": {"hours": round(week.hours, 2), "target": week.target},
            "exercises": exercises,
        }
    )


def format_exercises(course: Course, progress: Progress) -> str:
    """Return every exercise, in course order."""
    phases = {unit.id: phase.id for phase in course.phases for unit in phase.units}
    optional = {exercise.id for exercise in course.list_optional()}
    ahead = _find_milestones_ahead(course)
    return dump_json(
        [
            {
                "id": exercise.id,
                "title": exercise.title,
                "unit": exercise.unit,
                "phase": phases[exercise.unit],
                "needs": list(exercise.needs),
                "state": progress.states[exercise.id],
                "optional": exercise.id in optional,
                "milestone": ahead.get(exercise.id),
            }
            for exercise in course.iterate_exercises()
        ]
    )


def format_next(course: Course, progress: Progress, file: str | None) -> str:
    """Return what comes next, the file to open, and what may be done in its place."""
    following = progress.next
    return dump_json(
        {
            "schema": SCHEMA,
            "next": following,
            "path": file,
            "milestone": _find_milestones_ahead(course).get(following or ""),
            "optional": list(progress.offers),
        }
    )


def _find_milestones_ahead(course: Course) -> dict[str, str]:
    """Return for each exercise of the main path the milestone that it leads to, if one follows."""
    found: dict[str, str] = {}
    ahead = ""
    for step in reversed(course.path):
        if isinstance(step, Milestone):
            ahead = step.id
        elif ahead:
            found[step.id] = ahead
    return found


def _build_milestone(one: MilestoneProgress) -> dict[str, Any]:
    milestone = one.milestone
    return {
        "id": milestone.id,
        "title": milestone.title,
        "reached": one.is_reached,
        "needs": list(milestone.needs),
        "missing": list(one.missing),
        "left": one.left,
    }


def format_update(course: str, day: str, report: UpdateReport | None, *, made: bool) -> str:
    """Return what an update of the course brings; without a report nothing is new."""
    found = report.to_json() if report else None
    return dump_json(
        {"schema": SCHEMA, "course": course, "day": day, "made": made, "update": found}
    )


def _build_result(outcome: Outcome) -> dict[str, Any]:
    return {
        "exercise": outcome.exercise,
        "target": outcome.target,
        "verdict": outcome.verdict,
        "checks": [_format_check(check) for check in outcome.checks],
        "looks_like": asdict(outcome.looks_like) if outcome.looks_like else None,
        "relations": list(outcome.relations),
        "seed": outcome.seed,
        "seconds": round(outcome.seconds, 3),
        "unrecorded": outcome.unrecorded or None,
    }


def dump_json(data: Any) -> str:
    """Return JSON for people and programs: indented, with letters beyond ASCII as they are."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def _format_check(check: CheckResult) -> dict[str, Any]:
    """Return a check's result without what only the authors' tools ask for."""
    return {name: part for name, part in asdict(check).items() if name != "says_cause"}
