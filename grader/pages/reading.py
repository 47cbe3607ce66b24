"""The reading list and the objectives."""

from __future__ import annotations

from itertools import groupby

from grader.course import Exercise
from grader.pages.exercise import cited
from grader.pages.places import Places, exercise_page
from grader.pages.scene import Scene
from grader.pages.words import count, escape, sign, wide

_KINDS = {
    "paper": "Papers",
    "book": "Books",
    "course": "Courses",
    "codebase": "Codebases",
    "video": "Videos",
    "article": "Articles",
}


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The page of the reading list and that of the objectives."""
    return {"reading.md": wide(_reading(scene)), "objectives.md": wide(_objectives(scene))}


def _reading(scene: Scene) -> str:
    parts = ["# Reading"]
    order = sorted(scene.course.resources, key=lambda resource: resource.kind)
    for kind, resources in groupby(order, lambda resource: resource.kind):
        lines = []
        for resource in resources:
            used = [e for e in scene.course.exercises() if resource.id in e.resources]
            lines.append(f"- {cited(resource)}{_used(used)}")
        parts += [f"## {_KINDS.get(kind, escape(kind.capitalize()))}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _used(exercises: list[Exercise]) -> str:
    links = [f"[{escape(e.title)}]({exercise_page(e.id)})" for e in exercises]
    return f". For {', '.join(links)}" if links else ""


def _objectives(scene: Scene) -> str:
    parts = ["# Objectives"]
    states = scene.progress.states
    for objective in scene.course.objectives:
        counted = [e for e in scene.course.exercises() if objective.id in e.objectives]
        passed = sum(states[exercise.id] == "passed" for exercise in counted)
        parts.append(f"## {escape(objective.text)}")
        if not counted:
            parts.append("No exercise counts towards it yet.")
            continue
        parts.append(f"{passed} of {count(len(counted), 'exercise')} passed.")
        parts.append(
            "\n".join(
                f"- [{escape(e.title)}]({exercise_page(e.id)}) {sign(states[e.id])}"
                for e in counted
            )
        )
    return "\n\n".join(parts) + "\n"
