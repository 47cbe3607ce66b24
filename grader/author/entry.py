"""Adding to the course's YAML files without disturbing what stands there.

Each edit puts lines in and changes none. The edited text is read again before it is given:
if it does not say exactly what it said before, plus the addition, it is refused with what to
write by hand.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from grader.curriculum.documents import compose
from grader.curriculum.models import COURSE, UNIT
from grader.curriculum.report import Report
from grader.curriculum.shapes import Record
from grader.curriculum.values import Value
from grader.errors import UsageError
from grader.workspace import Workspace

_KEY = re.compile(r"[^\s#-]")


def with_exercise(workspace: Workspace, path: Path, said: str) -> str:
    """The unit file's text with an exercise's entry after the last one."""
    text, at = _text(path), Path(workspace.shown(path))
    before = _value(text, UNIT, at)
    last = before.items("exercises")[-1]
    lines = text.splitlines(keepends=True)
    lines[-1] = lines[-1].rstrip("\n") + "\n"
    end = next((n for n in range(last.line, len(lines)) if _KEY.match(lines[n])), len(lines))
    while end > last.line and not lines[end - 1].strip():
        end -= 1
    indent = " " * (last.column - 3)
    added = [indent + line for line in said.splitlines(keepends=True)]
    edited = "".join([*lines[:end], *added, *lines[end:]])
    after = _value(edited, UNIT, at)
    if _without_last(after, "exercises") != before.bare():
        raise UsageError(f"{at} has a form that cannot be added to; add by hand:\n{said}")
    return edited


def with_unit(workspace: Workspace, unit: str) -> str:
    """The text of course.yml with a unit at the end of the last phase."""
    path = workspace.course_file
    text, at = _text(path), Path(workspace.shown(path))
    before = _value(text, COURSE, at)
    units = before.items("phases")[-1].get("units")
    assert units is not None
    edited = _appended(text, units, unit)
    after = _value(edited, COURSE, at)
    if _listed(after) != [*_listed(before), unit] or _unlisted(after) != _unlisted(before):
        raise UsageError(
            f'{at} has a form that cannot be added to; add "{unit}" to a phase by hand'
        )
    return edited


def _appended(text: str, units: Value, unit: str) -> str:
    """A name at the end of a list, in brackets or with a dash a line."""
    lines = text.splitlines(keepends=True)
    if lines[units.line - 1][units.column - 1] == "[":
        start = sum(map(len, lines[: units.line - 1])) + units.column
        end = text.index("]", start)
        inner = text[start:end].rstrip()
        return f"{text[:start]}{inner}{', ' if inner else ''}{unit}{text[end:]}"
    last = units.value[-1]
    lines[last.line - 1] = lines[last.line - 1].rstrip("\n") + "\n"
    lines.insert(last.line, f"{' ' * (last.column - 3)}- {unit}\n")
    return "".join(lines)


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _value(text: str, model: Record, at: Path) -> Value:
    """What a text says; a text that says nothing sound is refused."""
    report = Report(at)
    node = compose(text, report)
    value = None if node is None else model.read(node, "the file", report)
    if value is None or report.faults:
        raise UsageError(f"{at} has a form that cannot be added to; add the entry by hand")
    return value


def _without_last(value: Value, key: str) -> Any:
    said = value.bare()
    return said | {key: said[key][:-1]}


def _listed(course: Value) -> list[str]:
    """All units in order."""
    return [unit.value for phase in course.items("phases") for unit in phase.items("units")]


def _unlisted(course: Value) -> Any:
    """The course without its phases' units."""
    said = course.bare()
    return said | {"phases": [phase | {"units": ()} for phase in said["phases"]]}
