"""Help with one exercise: hints, the reference, a fresh stub, and leaving it for later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.base.errors import UsageError
from grader.base.files import create_file, write_file
from grader.course.model import Exercise, Hint
from grader.grading.outcome import Status
from grader.services.session import Session
from grader.services.submission import find_first_line, read_leniently


@dataclass(frozen=True, slots=True)
class Reset:
    """What a reset did."""

    path: Path
    saved: Path | None
    """Where the old file lies now; None when there was none, or it was the stub already."""


def locate_stub(session: Session, exercise: Exercise) -> str:
    """Return the stub's path with the line of the first thing to write."""
    path = session.workspace.locate_stub(exercise.id)
    line = find_first_line(path, exercise)
    return (
        f"{session.workspace.show_path(path)}:{line}" if line else session.workspace.show_path(path)
    )


def give_hint(session: Session, exercise: Exercise) -> tuple[Hint, ...]:
    """Return all hints seen so far and a new one, which is last.

    Where a hint for the check that failed first in the last attempt exists, it stands in for the
    first of the ladder.
    """
    level = min(session.records.read_standing(exercise.id).hints + 1, len(exercise.hints))
    session.records.see_hint(exercise.id, level)
    fitting = _find_fitting_hint(session, exercise)
    return (fitting, *exercise.hints[1:level]) if fitting else exercise.hints[:level]


def _find_fitting_hint(session: Session, exercise: Exercise) -> Hint | None:
    """Return the hint for the first check that the last attempt failed, if there is one."""
    attempts = session.records.read_attempts(exercise.id) if exercise.check_hints else []
    checks = attempts[-1].checks if attempts else {}
    names = (claim.name for claim in session.read_claims(exercise))
    failed = next((name for name in names if _is_failed(checks, name)), "")
    fitting = (Hint(1, hint.text) for hint in exercise.check_hints if failed in hint.checks)
    return next(fitting, None)


def _is_failed(checks: dict[str, Status], name: str) -> bool:
    return checks.get(name, "passed") not in ("passed", "blocked")


def list_contract_changes(session: Session, exercise: Exercise) -> list[str]:
    """Return the contract's sentences that the learner's file, begun as an older stub, lacks."""
    from grader.course.source.contract_changes import find_new_sentences

    own = read_leniently(session.workspace.locate_stub(exercise.id))
    return find_new_sentences(session.make_stub(exercise), own)


def reveal(session: Session, exercise: Exercise) -> str:
    """Return the reference, and record before a pass that it was shown."""
    if session.records.read_standing(exercise.id).passed_at is None:
        session.records.reveal(exercise.id)
    return session.read_reference(exercise)


def skip(session: Session, exercise: Exercise, skipped: bool = True) -> None:
    """Leave the exercise for later, or take it up again."""
    session.records.skip(exercise.id, skipped)


def reset(session: Session, exercise: Exercise, now: datetime) -> Reset:
    """Put a fresh stub in place; the old file is saved aside first, whatever it is."""
    return write_fresh_stub(session, exercise, session.workspace.locate_stub(exercise.id), now)


def write_fresh_stub(session: Session, exercise: Exercise, path: Path, now: datetime) -> Reset:
    """Put the exercise's stub at a path; what lies there is saved aside first, whatever it is."""
    stub, saved = session.make_stub(exercise), None
    try:
        if path.is_symlink() or path.exists():
            if path.is_file() and not path.is_symlink() and path.read_bytes() == stub.encode():
                return Reset(path, None)
            saved = _set_aside(session.workspace.aside, path, exercise, now)
        write_file(path, stub)
    except OSError as error:
        raise UsageError(f"{path} cannot be reset: {error.strerror}; nothing was lost") from error
    return Reset(path, saved)


def save_copy(session: Session, content: bytes, exercise: Exercise, now: datetime) -> Path:
    """Write what the learner's file holds below ``progress/aside``; return where."""
    folder = session.workspace.aside
    names = _list_aside_names(folder, exercise, ".py", now)
    return next(path for path in names if create_file(path, content))


def _set_aside(folder: Path, path: Path, exercise: Exercise, now: datetime) -> Path:
    """Move a file below ``progress/aside`` under a name that nothing has yet."""
    for saved in _list_aside_names(folder, exercise, path.suffix, now):
        if not saved.exists() and not saved.is_symlink():
            saved.parent.mkdir(parents=True, exist_ok=True)
            return path.rename(saved)
    raise AssertionError("there is always another name")


def _list_aside_names(
    folder: Path, exercise: Exercise, suffix: str, now: datetime
) -> Iterator[Path]:
    """Yield names for a file that is saved aside; the caller takes the first that is free."""
    home, stamp = folder / exercise.unit, now.strftime("%Y-%m-%d-%H%M%S")
    for number in range(1000):
        more = f"-{number}" if number else ""
        yield home / f"{exercise.name}-{stamp}{more}{suffix}"
    raise UsageError(f"{home} holds too many saved files; move some away")
