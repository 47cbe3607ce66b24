"""Help with one exercise: hints, the reference, a fresh stub, and leaving it for later."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.course import Exercise, Hint
from grader.errors import UsageError
from grader.practice.desk import Desk
from grader.practice.paper import begins


@dataclass(frozen=True, slots=True)
class Reset:
    """What a reset did."""

    path: Path
    saved: Path | None
    """Where the old file lies now; None when there was none, or it was the stub already."""


def whereabouts(desk: Desk, exercise: Exercise) -> str:
    """The stub's path with the line of the first thing to write."""
    path = desk.workspace.stub(exercise.id)
    line = begins(path, exercise)
    return f"{desk.workspace.shown(path)}:{line}" if line else desk.workspace.shown(path)


def hint(desk: Desk, exercise: Exercise) -> tuple[Hint, ...]:
    """One hint more than last time; all seen so far, the new one last."""
    level = min(desk.records.standing(exercise.id).hints + 1, len(exercise.hints))
    desk.records.see_hint(exercise.id, level)
    return exercise.hints[:level]


def reveal(desk: Desk, exercise: Exercise) -> str:
    """The reference; before a pass, that it was shown is recorded."""
    if desk.records.standing(exercise.id).passed_at is None:
        desk.records.reveal(exercise.id)
    return desk.reference(exercise)


def skip(desk: Desk, exercise: Exercise, skipped: bool = True) -> None:
    """Leave the exercise for later, or take it up again."""
    desk.records.skip(exercise.id, skipped)


def reset(desk: Desk, exercise: Exercise, now: datetime) -> Reset:
    """Put a fresh stub in place; the old file is saved aside first, whatever it is."""
    return fresh_stub(desk, exercise, desk.workspace.stub(exercise.id), now)


def fresh_stub(desk: Desk, exercise: Exercise, path: Path, now: datetime) -> Reset:
    """Put the exercise's stub at a path; what lies there is saved aside first, whatever it is."""
    stub, saved = desk.stub(exercise), None
    try:
        if path.is_symlink() or path.exists():
            if path.is_file() and not path.is_symlink() and path.read_bytes() == stub.encode():
                return Reset(path, None)
            saved = _set_aside(desk.workspace.aside, path, exercise, now)
        write_whole(path, stub)
    except OSError as error:
        raise UsageError(f"{path} cannot be reset: {error.strerror}; nothing was lost") from error
    return Reset(path, saved)


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step, so that no reader and no crash ever meets a half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _set_aside(folder: Path, path: Path, exercise: Exercise, now: datetime) -> Path:
    """Move a file below ``progress/aside`` under a name that nothing has yet."""
    stamp = now.strftime("%Y-%m-%d-%H%M%S")
    home = folder / exercise.unit
    home.mkdir(parents=True, exist_ok=True)
    for number in range(1000):
        more = f"-{number}" if number else ""
        saved = home / f"{exercise.name}-{stamp}{more}{path.suffix}"
        if not saved.exists() and not saved.is_symlink():
            return path.rename(saved)
    raise UsageError(f"{home} holds too many saved files; move some away")
