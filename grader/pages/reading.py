"""The reading list: first by state, then whole, with what each is for and when it was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from grader.course import Exercise
from grader.pages.cite import cited, reading_sign
from grader.pages.mentions import Known
from grader.pages.mentions import days as mentioned
from grader.pages.places import Places, day_page, exercise_page
from grader.pages.scene import Scene
from grader.pages.words import count, day_in_words, escape, wide
from grader.readinglist import KEPT, Item, in_state, uses

_KINDS = {
    "paper": "Papers",
    "book": "Books",
    "course": "Courses",
    "video": "Videos",
    "codebase": "Codebases",
    "documentation": "Documentation",
    "article": "Articles",
}
_STATES = {"next": "Next", "reading": "Being read", "inbox": "Inbox", "done": "Done"}
_SHOWN = 20
"""As many of those that are done are shown first, the latest ones."""
_DAYS = 3
"""Days of the log that are named with a reading, the latest ones."""

_INTRODUCTION = (
    "What the course names, and what was added to it, marked *own*. `grade read ID` begins one, "
    '`--done` ends it, and `grade read URL "title"` adds one.'
)


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The page of the reading list."""
    parts = ["# Reading", _INTRODUCTION]
    for state in KEPT:
        if held := in_state(scene.readings, state):
            shown = held[:_SHOWN] if state == "done" else held
            lines = [f"- {named(item)}{_day(item)}" for item in shown]
            parts += [f"## {_STATES[state]}", "\n".join(lines)]
            parts += [f"And {len(held) - _SHOWN} more."] if len(held) > len(shown) else []
    return {"reading.md": wide("\n\n".join([*parts, *_whole(scene, places)]) + "\n")}


def named(item: Item) -> str:
    """A reading, marked where it is the learner's own."""
    return cited(item.resource) + (" *own*" if item.own else "")


def _day(item: Item) -> str:
    return f", {day_in_words(item.day)}" if item.state == "done" else ""


def _whole(scene: Scene, places: Places) -> list[str]:
    """All entries by kind."""
    exercises = {exercise.id: exercise for exercise in scene.course.exercises()}
    naming = uses(scene.course)
    days = mentioned(scene.entries, Known.of(scene.course, places))
    parts = ["## The whole list"]
    for kind in dict.fromkeys([*_KINDS, *(item.resource.kind for item in scene.readings)]):
        held = [item for item in scene.readings if item.resource.kind == kind]
        lines = [
            f"- {named(item)} {reading_sign(item)}"
            + _used([exercises[name] for name in naming.get(item.id, ())])
            + _logged(days.get(("reading", item.id), ()))
            for item in held
        ]
        parts += [f"### {_KINDS.get(kind, escape(kind))}", "\n".join(lines)] if held else []
    return parts


def _used(exercises: list[Exercise]) -> str:
    links = [f"[{escape(e.title)}]({exercise_page(e.id)})" for e in exercises]
    return f". For {', '.join(links)}" if links else ""


def _logged(days: Sequence[date]) -> str:
    links = [f"[{day_in_words(day.isoformat())}]({day_page(day)})" for day in days[:_DAYS]]
    more = f" and {count(len(days) - _DAYS, 'day')} before" if len(days) > _DAYS else ""
    return f". In the log: {', '.join(links)}{more}" if links else ""
