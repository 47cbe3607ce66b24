"""What an update makes of each path: a pure function of three trees.

``base`` is the course that the learner's copy was made from, ``ours`` what the learner has now,
``course`` the course of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from grader.services.update.trees import FILES, Entry, Tree

OWN_FOLDERS = ("exercises", "docs/notes", "docs/log", "progress")
"""The learner's: here their version is kept."""
OWN_FILES = ("README.md",)
"""The course's, but a learner who has rewritten them keeps them: the face of their repository."""

Choice = Literal["ours", "course", "kept", "replaced", "merge"]
"""``kept``: both changed it, and it is the learner's. ``replaced``: both changed it, and it is the
course's. ``merge``: both changed lines of a file of the course's, which may fit together."""
_OURS = ("ours", "kept")


@dataclass(frozen=True, slots=True)
class MergePlan:
    """The choice for each path, and the paths where a file stands where a folder has to be."""

    choices: Mapping[str, Choice]
    obstacles: tuple[str, ...] = field(default=())

    def list_paths(self, choice: Choice) -> list[str]:
        """Return the paths with this choice."""
        return [path for path, made in self.choices.items() if made == choice]


def is_own(path: str) -> bool:
    """Return True if a path is in the learner's folders."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in OWN_FOLDERS)


def plan_merge(base: Tree, ours: Tree, course: Tree) -> MergePlan:
    """Choose for each path of the three trees."""
    paths = sorted(base.keys() | ours.keys() | course.keys())
    choices: dict[str, Choice] = {
        path: _choose(path, base.get(path), ours.get(path), course.get(path)) for path in paths
    }
    obstacles = []
    for path, above in _find_collisions(choices, ours, course):
        blocked = above if choices[path] in _OURS else path
        if is_own(blocked):
            choices[blocked] = "kept"
        else:
            obstacles.append(above if blocked == path else path)
    return MergePlan(choices, tuple(sorted(set(obstacles))))


def build_result(
    plan: MergePlan, ours: Tree, course: Tree, merged: Mapping[str, Entry | None]
) -> dict[str, Entry]:
    """Return the tree that the plan gives; ``merged`` has what became of the lines of two files.

    A path whose lines do not fit together has None there, and is the course's.
    """
    result = {}
    for path, choice in plan.choices.items():
        entry = (ours if choice in _OURS else course).get(path)
        if choice == "merge":
            entry = merged.get(path) or entry
        if entry is not None:
            result[path] = entry
    return result


def _choose(path: str, base: Entry | None, ours: Entry | None, course: Entry | None) -> Choice:
    if course in (base, ours):
        return "ours"
    if ours == base:
        return "course"
    if is_own(path) or (path in OWN_FILES and ours is not None):
        return "kept"
    sides = (base, ours, course)
    return "merge" if all(side and side.mode in FILES for side in sides) else "replaced"


def _find_collisions(
    choices: Mapping[str, Choice], ours: Tree, course: Tree
) -> Iterator[tuple[str, str]]:
    """Yield each path of the result that lies below another one, with that one."""
    there = {path for path, made in choices.items() if path in (ours if made in _OURS else course)}
    for path in sorted(there):
        parts = path.split("/")
        for number in range(1, len(parts)):
            above = "/".join(parts[:number])
            if above in there:
                yield path, above
