"""A course of so many exercises: the real ones, and copies of them in units of other names."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.clone import ROOT
from grader.base.paths import Workspace

Unit = dict[str, Any]
_REAL = Workspace(ROOT)
_FILES = (
    Workspace.locate_lesson,
    Workspace.locate_checks,
    Workspace.locate_mistakes,
    Workspace.locate_reference,
)


def lay(own: Workspace, count: int) -> list[str]:
    """Write the course and its files; the ids of its exercises in course order."""
    said = yaml.safe_load(_REAL.course_file.read_text("utf-8"))
    phases, units = [], dict[str, Unit]()
    for turn in range(1, count + 1):
        for phase in said["phases"]:
            held = dict(_units(phase["units"], turn, count - _exercises(units)))
            units |= held
            phases.append(_phase(phase, turn, list(held)))
        if _exercises(units) >= count:
            break
    ids = [f"{unit}/{item['id']}" for unit, data in units.items() for item in data["exercises"]]
    for unit, data in units.items():
        for item in data["exercises"]:
            item["needs"] = [need for need in item["needs"] if need in ids]
        _write(
            own.locate_unit_file(unit), yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
        )
        shared = _REAL.locate_shared(_find_original(unit))
        if shared.is_file():
            shutil.copy(shared, own.locate_shared(unit))
    said |= {"phases": [p for p in phases if p["units"]], **_cut_path(said, ids)}
    _write(own.course_file, yaml.safe_dump(said))
    shutil.copy(_REAL.resources_file, own.resources_file)
    for exercise in ids:
        _files(own, exercise, ids)
    return ids


def _cut_path(said: dict[str, Any], ids: list[str]) -> dict[str, Any]:
    """The main path and the milestones, without what needs exercises that there are not."""
    milestones = [one for one in said["milestones"] if set(one["needs"]) <= set(ids)]
    known = {*ids, *(one["id"] for one in milestones)}
    steps = [(step if isinstance(step, str) else step["milestone"], step) for step in said["spine"]]
    return {"milestones": milestones, "spine": [step for name, step in steps if name in known]}


def _exercises(units: dict[str, Unit]) -> int:
    return sum(len(unit["exercises"]) for unit in units.values())


def _units(names: list[str], turn: int, left: int) -> Iterator[tuple[str, Unit]]:
    """The units of one phase in one turn, until ``left`` exercises are given."""
    for name in names:
        data: Unit = yaml.safe_load(_REAL.locate_unit_file(name).read_text("utf-8"))
        data["exercises"] = data["exercises"][: max(0, left)]
        left -= len(data["exercises"])
        if not data["exercises"]:
            return
        if turn > 1:
            data["title"] += f", turn {turn}"
        for item in data["exercises"]:
            item["needs"] = [_turned(need, turn) for need in item.get("needs", ())]
        yield _turned(name, turn), data


def _turned(name: str, turn: int) -> str:
    """The name of a unit, or of an exercise in it, in that turn through the course."""
    unit, slash, exercise = name.partition("/")
    return name if turn == 1 else f"{unit}_{turn}{slash}{exercise}"


def _find_original(unit: str) -> str:
    """The unit that this one is a copy of: ``attention`` for ``attention_2``."""
    return re.sub(r"_\d+$", "", unit)


def _phase(phase: dict[str, Any], turn: int, units: list[str]) -> dict[str, Any]:
    if turn == 1:
        return {**phase, "units": units}
    return {
        **phase,
        "weeks": [*phase["weeks"]],  # YAML would write the same list as an alias
        "id": f"{phase['id']}_{turn}",
        "title": f"{phase['title']}, turn {turn}",
        "units": units,
    }


def _files(own: Workspace, exercise: str, ids: list[str]) -> None:
    """What the course gives an exercise; links to lessons that are not there become words."""
    unit, _, name = exercise.partition("/")
    real = f"{_find_original(unit)}/{name}"
    for place in _FILES:
        _write(place(own, exercise), place(_REAL, real).read_text("utf-8"))
    lesson = own.locate_lesson(exercise)

    def kept(link: re.Match[str]) -> str:
        there = (lesson.parent / link[2].partition("#")[0]).resolve()
        known = {own.locate_lesson(other).resolve() for other in ids}
        return link[0] if there in known else link[1]

    _write(lesson, re.sub(r"\[([^\]]+)\]\(([^):\s]+\.md[^)]*)\)", kept, lesson.read_text("utf-8")))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
