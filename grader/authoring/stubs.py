"""What the course generates: a stub from each reference, and the schemas for editors."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from grader.base.errors import CourseError, Fault, UsageError
from grader.base.files import write_file
from grader.base.paths import Workspace
from grader.course.loader.models import build_schemas, write_schemas
from grader.course.model import Exercise
from grader.services.session import Session


@dataclass(frozen=True, slots=True)
class WrittenStubs:
    """What was written, and which files differ from their stub and were left alone."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def write_stubs(session: Session) -> WrittenStubs:
    """Write each missing stub, and the schemas where they are old.

    A file that differs from its stub is the learner's and stays as it is.
    """
    written, kept = [], []
    for exercise in session.course.iterate_exercises():
        path, stub = session.workspace.locate_stub(exercise.id), session.make_stub(exercise)
        if not (path.exists() or path.is_symlink()):
            _write(path, stub)
            written.append(path)
        elif find_difference(path, stub) is not None:
            kept.append(path)
    if find_schema_faults(session.workspace):
        write_schemas(session.workspace)
    return WrittenStubs(tuple(written), tuple(kept))


def find_stub_faults(session: Session) -> list[Fault]:
    """Return each file below ``exercises`` that is not its reference blanked."""
    faults: list[Fault] = []
    for exercise in session.course.iterate_exercises():
        try:
            stub = session.make_stub(exercise)
        except CourseError as error:
            faults += error.faults
        else:
            faults += check_stub(session.workspace, exercise, stub)
    return sorted(faults)


def check_stub(workspace: Workspace, exercise: Exercise, stub: str) -> list[Fault]:
    """Return a fault for the first line where an exercise's file is not its stub, or none."""
    path = workspace.locate_stub(exercise.id)
    line = find_difference(path, stub)
    if line is None:
        return []
    shown = Path(workspace.show_path(path))
    if not path.is_file():
        remedy = "run `grade author stubs`"
        return [Fault(shown, 1, 1, "the stub is missing, or not a regular file", remedy)]
    reference = workspace.show_path(workspace.locate_reference(exercise.id))
    remedy = "delete the file and run `grade author stubs`"
    return [Fault(shown, line, 1, f"the file is not {reference} with its bodies blanked", remedy)]


def find_schema_faults(workspace: Workspace) -> list[Fault]:
    """Return each schema in ``curriculum`` that is not what the models give."""
    old = []
    for name, text in build_schemas().items():
        path = workspace.curriculum / name
        if find_difference(path, text) is not None:
            remedy = "run `grade author stubs`, which writes the schemas too"
            shown = Path(workspace.show_path(path))
            old.append(Fault(shown, 1, 1, "the schema differs from the models", remedy))
    return old


def find_difference(path: Path, text: str) -> int | None:
    """Return the first line where a file is not ``text``, or None. Line ends do not count."""
    try:
        if path.is_symlink():
            return 1
        found = path.read_bytes().replace(b"\r\n", b"\n")
    except OSError:
        return 1
    pairs = zip_longest(found.split(b"\n"), text.encode().split(b"\n"))
    return next((n for n, (ours, theirs) in enumerate(pairs, start=1) if ours != theirs), None)


def _write(path: Path, text: str) -> None:
    try:
        write_file(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
