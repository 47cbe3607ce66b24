"""What the course generates: a stub from each reference, and the schemas for editors."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from grader.course import Exercise
from grader.curriculum import schemas, write_schemas
from grader.errors import CourseError, Fault, UsageError
from grader.practice import Desk
from grader.practice.assist import write_whole
from grader.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Stubs:
    """What was written, and which files differ from their stub and were left alone."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def write_stubs(desk: Desk) -> Stubs:
    """Write each missing stub, and the schemas where they are old.

    A file that differs from its stub is the learner's and stays as it is.
    """
    written, kept = [], []
    for exercise in desk.course.exercises():
        path, stub = desk.workspace.stub(exercise.id), desk.stub(exercise)
        if not (path.exists() or path.is_symlink()):
            _write(path, stub)
            written.append(path)
        elif difference(path, stub) is not None:
            kept.append(path)
    if schema_faults(desk.workspace):
        write_schemas(desk.workspace)
    return Stubs(tuple(written), tuple(kept))


def stub_faults(desk: Desk) -> list[Fault]:
    """Each file below ``exercises`` that is not its reference blanked."""
    faults: list[Fault] = []
    for exercise in desk.course.exercises():
        try:
            stub = desk.stub(exercise)
        except CourseError as error:
            faults += error.faults
        else:
            faults += stub_fault(desk.workspace, exercise, stub)
    return sorted(faults)


def stub_fault(workspace: Workspace, exercise: Exercise, stub: str) -> list[Fault]:
    """The first line where an exercise's file is not its stub, as no fault or one."""
    path = workspace.stub(exercise.id)
    line = difference(path, stub)
    if line is None:
        return []
    shown = Path(workspace.shown(path))
    if not path.is_file():
        remedy = "run `grade author stubs`"
        return [Fault(shown, 1, 1, "the stub is missing, or no plain file", remedy)]
    reference = workspace.shown(workspace.reference(exercise.id))
    remedy = "delete the file and run `grade author stubs`"
    return [Fault(shown, line, 1, f"the file is not {reference} with its bodies blanked", remedy)]


def schema_faults(workspace: Workspace) -> list[Fault]:
    """Each schema in ``curriculum`` that is not what the models give."""
    old = []
    for name, text in schemas().items():
        path = workspace.curriculum / name
        if difference(path, text) is not None:
            remedy = "run `grade author stubs`, which writes the schemas too"
            shown = Path(workspace.shown(path))
            old.append(Fault(shown, 1, 1, "the schema is not that of the models", remedy))
    return old


def difference(path: Path, text: str) -> int | None:
    """The first line where a file is not ``text``; None where it is. Line ends do not count."""
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
        write_whole(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
