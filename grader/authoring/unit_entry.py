"""Adding to the course's YAML files without disturbing what stands there.

Each edit puts lines in and changes none. The edited text is read again before it is given:
if it does not say exactly what it said before, plus the addition, it is refused with what to
write by hand.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.course.loader.faults import FaultReport
from grader.course.loader.models import COURSE, UNIT
from grader.course.loader.nodes import compose
from grader.course.loader.schema import Record
from grader.course.loader.values import Value

_KEY = re.compile(r"[^\s#-]")


def add_exercise(workspace: Workspace, path: Path, entry: str) -> str:
    """Return the unit file's text with an exercise's entry after the last one."""
    text, at = _read_text(path), Path(workspace.show_path(path))
    before = _parse_text(text, UNIT, at)
    last = before.get_items("exercises")[-1]
    lines = text.splitlines(keepends=True)
    lines[-1] = lines[-1].rstrip("\n") + "\n"
    end = next((n for n in range(last.line, len(lines)) if _KEY.match(lines[n])), len(lines))
    while end > last.line and not lines[end - 1].strip():
        end -= 1
    indent = " " * (last.column - 3)
    added = [indent + line for line in entry.splitlines(keepends=True)]
    edited = "".join([*lines[:end], *added, *lines[end:]])
    after = _parse_text(edited, UNIT, at)
    if _drop_last(after, "exercises") != before.strip_places():
        raise UsageError(f"{at} has a form that cannot be extended; add by hand:\n{entry}")
    return edited


def add_unit(workspace: Workspace, unit: str) -> str:
    """Return the text of course.yml with a unit at the end of the last phase."""
    path = workspace.course_file
    text, at = _read_text(path), Path(workspace.show_path(path))
    before = _parse_text(text, COURSE, at)
    units = before.get_items("phases")[-1].get("units")
    assert units is not None
    edited = _append_name(text, units, unit)
    after = _parse_text(edited, COURSE, at)
    if _list_units(after) != [*_list_units(before), unit] or _drop_units(after) != _drop_units(
        before
    ):
        raise UsageError(
            f'{at} has a form that cannot be extended; add "{unit}" to a phase by hand'
        )
    return edited


def _append_name(text: str, units: Value, unit: str) -> str:
    """Append a name to a list, in brackets or with a dash a line."""
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


def _read_text(path: Path) -> str:
    return path.read_text("utf-8")


def _parse_text(text: str, model: Record, at: Path) -> Value:
    """Parse a text, or raise ``UsageError`` where it has faults."""
    report = FaultReport(at)
    node = compose(text, report)
    value = None if node is None else model.read(node, "the file", report)
    if value is None or report.faults:
        raise UsageError(f"{at} has a form that cannot be extended; add the entry by hand")
    return value


def _drop_last(value: Value, key: str) -> Any:
    plain = value.strip_places()
    return plain | {key: plain[key][:-1]}


def _list_units(course: Value) -> list[str]:
    """List all units in order."""
    return [unit.value for phase in course.get_items("phases") for unit in phase.get_items("units")]


def _drop_units(course: Value) -> Any:
    """Return the course without its phases' units."""
    plain = course.strip_places()
    return plain | {"phases": [phase | {"units": ()} for phase in plain["phases"]]}
