"""The facts as JSON, as docs/json.md describes it."""

from __future__ import annotations

import json
from typing import Any

from grader.learner.progress import Total
from grader.site.share.facts import Facts

SCHEMA = 1


def to_json(facts: Facts) -> str:
    """Return one JSON object, and a line end."""
    data = {
        "schema": SCHEMA,
        "course": facts.course,
        "name": facts.name,
        "address": facts.address,
        "day": facts.day.isoformat(),
        "totals": _to_dict(facts.total),
        "days": {
            "studied": facts.days,
            "last_30": facts.study.recent,
            "streak": facts.study.streak,
            "longest": facts.study.longest,
        },
        "phases": [
            {"id": phase.id, "title": phase.title, **_to_dict(phase.total)}
            for phase in facts.phases
        ],
        "exercises": _list_exercises(facts),
        "objectives": [
            {"id": aim.id, "text": aim.text, "exercises": aim.exercises, "passed": aim.passed}
            for aim in facts.objectives
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _to_dict(total: Total) -> dict[str, int]:
    return total._asdict()


def _list_exercises(facts: Facts) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "title": row.title,
            "unit": unit.id,
            "phase": phase.id,
            "state": row.state,
            "attempts": row.attempts,
            "passed_day": row.passed_day,
        }
        for phase in facts.phases
        for unit in phase.units
        for row in unit.rows
    ]
