"""The course as it was last read, kept beside the very text that it was read from.

Reading and checking the YAML costs more than all else that a quick command does. So what the
files said is kept as data, and taken again while every file of the course says the same, every
exercise has its files, and the readers in this folder are those that read it. Faults are never
kept, and a damaged file counts as none.
"""

from __future__ import annotations

import contextlib
import os
from binascii import crc32
from pathlib import Path
from typing import Any

import orjson

from grader.course import Course
from grader.curriculum import build
from grader.workspace import Workspace


def course(workspace: Workspace) -> Course:
    """The course as ``load`` gives it, and ``CourseError`` where that does."""
    source = _source(workspace)
    if source is not None and (found := _kept(workspace, source)) is not None:
        return found
    from grader.curriculum.loading import said

    plain = said(workspace)
    if source is not None and source == _source(workspace):
        with contextlib.suppress(OSError):
            _keep(workspace, {"source": source, "said": plain})
    return build.course(plain)


def _source(workspace: Workspace) -> dict[str, Any] | None:
    """What the course is read from, and by what; None where a file is no text."""
    units = sorted(workspace.curriculum.glob("*/unit.yml"))
    files = [workspace.course_file, workspace.resources_file, *units]
    try:
        if not all(file.is_file() for file in files):
            return None
        texts = {workspace.shown(file): file.read_bytes().decode("utf-8") for file in files}
        with os.scandir(Path(__file__).parent) as folder:
            own = {e.name: e.stat() for e in folder if e.name.endswith(".py")}
    except (OSError, ValueError):
        return None
    return {
        "texts": texts,
        "readers": {name: [s.st_size, s.st_mtime_ns] for name, s in own.items()},
    }


def _kept(workspace: Workspace, source: dict[str, Any]) -> Course | None:
    """The course as kept; None where it is from another source, damaged, or lacks a file."""
    try:
        checksum, _, body = _file(workspace).read_bytes().partition(b"\n")
        if int(checksum, 16) != crc32(body):
            return None
        kept = orjson.loads(body)
        found = build.course(kept["said"]) if kept["source"] == source else None
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found if found is not None and _whole(found, workspace) else None


def _keep(workspace: Workspace, kept: dict[str, Any]) -> None:
    file, body = _file(workspace), orjson.dumps(kept)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_bytes(b"%08x\n" % crc32(body) + body)
    fresh.replace(file)


def _whole(found: Course, workspace: Workspace) -> bool:
    """Whether each exercise still has all that the course must give it."""
    return all(
        part(exercise.id).is_file()
        for exercise in found.exercises()
        for part in (workspace.lesson, workspace.checks, workspace.mistakes, workspace.reference)
    )


def _file(workspace: Workspace) -> Path:
    return workspace.cache / "course.json"
