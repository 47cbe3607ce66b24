"""The cached course: its data, stored beside the text of the files that it was read from.

Reading and checking the YAML takes longer than everything else that a quick command does. So the
checked data are cached, and used again while every file of the course has the same text, every
exercise has its files, and the modules in this folder are the ones that read it. Faults are never
cached, and a damaged cache file counts as none.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from grader.base.cache import read_entry, write_entry
from grader.base.paths import Workspace
from grader.course.loader.build import build_course
from grader.course.model import Course


def load_cached(workspace: Workspace) -> Course:
    """Return the course as ``load`` does, and raise ``CourseError`` where ``load`` does."""
    source = _read_source(workspace)
    if source is not None and (found := _read(workspace, source)) is not None:
        return found
    from grader.course.loader.loading import read_data

    data = read_data(workspace)
    if source is not None and source == _read_source(workspace):
        write_entry(_file(workspace), {"source": source, "data": data})
    return build_course(data)


def _read_source(workspace: Workspace) -> dict[str, Any] | None:
    """Return the files' texts and the readers' size and time; None where a file is no text."""
    units = sorted(workspace.curriculum.glob("*/unit.yml"))
    files = [workspace.course_file, workspace.resources_file, *units]
    if workspace.glossary_file.is_file():
        files.append(workspace.glossary_file)
    try:
        if not all(file.is_file() for file in files):
            return None
        texts = {workspace.show_path(file): file.read_bytes().decode("utf-8") for file in files}
        with os.scandir(Path(__file__).parent) as folder:
            own = {e.name: e.stat() for e in folder if e.name.endswith(".py")}
    except (OSError, ValueError):
        return None
    return {
        "texts": texts,
        "readers": {name: [s.st_size, s.st_mtime_ns] for name, s in own.items()},
    }


def _read(workspace: Workspace, source: dict[str, Any]) -> Course | None:
    """Return the cached course; None if its source differs, it is damaged, or a file is missing."""
    stored = read_entry(_file(workspace))
    try:
        found = build_course(stored["data"]) if stored["source"] == source else None
    except (ValueError, LookupError, TypeError):
        return None
    return found if found is not None and _has_all_files(found, workspace) else None


def _has_all_files(found: Course, workspace: Workspace) -> bool:
    """Return True if each exercise still has its lesson, checks, mistakes and reference."""
    return all(
        part(exercise.id).is_file()
        for exercise in found.iterate_exercises()
        for part in (
            workspace.locate_lesson,
            workspace.locate_checks,
            workspace.locate_mistakes,
            workspace.locate_reference,
        )
    )


def _file(workspace: Workspace) -> Path:
    return workspace.cache / "course.json"
