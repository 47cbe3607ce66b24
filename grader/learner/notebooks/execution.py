"""The execution of one notebook, in a copy of its folder and within a deadline."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from grader.base.errors import NoteError
from grader.grading.system.processes import end_tree
from grader.learner.notebooks import child
from grader.learner.notes import Notes
from grader.learner.notes.executed import save_executed

_LARGEST = 50_000_000
"""The most bytes of a file beside the notebook that is copied."""

_MEMORY = 2_000_000_000
"""The most memory of the child, which collects the outputs, in bytes."""


def execute(notes: Notes, path: Path, root: Path, seconds: float, day: str) -> str:
    """Run a copy of the notebook, store it, and return in a few words how it went.

    ``root`` is where the learner's exercises are imported from. Raise ``NoteError`` when there is
    no kernel, when the deadline passes, and when the file cannot be run.
    """
    source = _read_source(path)
    with TemporaryDirectory(prefix="groundwork-", ignore_cleanup_errors=True) as scratch:
        place = Path(scratch, "notes")
        _copy_notes(notes.folder, place)
        copy, message = Path(scratch, "copy.ipynb"), Path(scratch, "message")
        copy.write_bytes(source)
        folder = place / _find_subfolder(path.parent, notes.folder)
        folder.mkdir(parents=True, exist_ok=True)
        _run_child([str(copy), str(folder), str(message)], path, root, scratch, seconds)
        whole = json.loads(copy.read_text("utf-8"))
    save_executed(notes.cache, source, whole, day)
    errors = [n for n, cell in enumerate(whole["cells"], 1) if _has_failed(cell)]
    cells = ", ".join(map(str, errors))
    return f"run; {'cell' if len(errors) == 1 else 'cells'} {cells} failed" if errors else "run"


def _read_source(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NoteError(f"{path}: cannot be read ({error.strerror or error}).") from error


def _find_subfolder(folder: Path, notes: Path) -> Path:
    """Return where the folder lies below the notes; the notes themselves if it is elsewhere."""
    real = Path(os.path.realpath(folder))
    notes = Path(os.path.realpath(notes))
    return real.relative_to(notes) if real.is_relative_to(notes) else Path()


def _copy_notes(notes: Path, place: Path) -> None:
    """Copy the notes and the files beside them, but no hidden, very large or linked files."""

    def list_ignored(folder: str, names: list[str]) -> list[str]:
        paths = [Path(folder, name) for name in names]
        return [p.name for p in paths if p.name.startswith(".") or p.is_symlink() or _is_large(p)]

    shutil.copytree(notes, place, ignore=list_ignored)


def _is_large(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > _LARGEST


def _run_child(arguments: list[str], path: Path, root: Path, scratch: str, seconds: float) -> None:
    running = subprocess.Popen(
        [sys.executable, "-P", "-m", child.__name__, *arguments],
        cwd=scratch,
        env=_make_environment(root, scratch),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        fault = _wait(running, seconds)
        # Before anything is killed: the child would write what it makes of a kernel that is gone.
        message = _read_message(Path(arguments[2]))
    finally:
        # Also after a normal end and after Ctrl-C: a cell may have started processes that go on.
        end_tree(running.pid)
        running.wait()
    if fault:
        raise NoteError(f"{path}: cell {message} {fault}")
    if running.returncode:
        raise NoteError(f"{path}: {_explain_exit(running.returncode, message)}")


def _wait(running: subprocess.Popen[bytes], seconds: float) -> str:
    """Wait until the child ends; return why it has to be killed instead, or an empty string.

    The child is watched from here because nothing inside it can be relied on: a cell may block the
    kernel for ever, and one that prints without end fills the memory of the child, not the
    kernel's.
    """
    deadline = time.monotonic() + seconds
    while running.poll() is None:
        if time.monotonic() > deadline:
            return (
                f"did not end within {seconds:g} s; the kernel and the processes that it "
                "started were killed. Fix the cell, or allow more time with --seconds."
            )
        if _measure_memory(running.pid) > _MEMORY:
            return "printed more than can be stored; the kernel was killed. Print less."
        time.sleep(0.05)
    return ""


def _measure_memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _read_message(file: Path) -> str:
    """Return what the child wrote last; before the first cell has started, that is cell 1."""
    try:
        return file.read_text("utf-8")
    except OSError:
        return "1"


def _explain_exit(code: int, message: str) -> str:
    if code == child.NO_KERNEL:
        return (
            f"no Jupyter kernel called {message!r} is installed. Install Python's with "
            "`python -m pip install ipykernel`, or choose another one in Jupyter."
        )
    if code == child.UNFIT:
        return f"cannot be run ({message}). Open it in Jupyter and save it again."
    return f"its kernel died in cell {message}; perhaps it ran out of memory."


def _make_environment(root: Path, scratch: str) -> dict[str, str]:
    """Return the learner's environment, with their exercises on the path.

    IPython's own files (history, runtime) go into the scratch folder.
    """
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {name: str(Path(scratch, name.lower())) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR")}
    return {**os.environ, **own, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}


def _has_failed(cell: dict[str, object]) -> bool:
    outputs = cell.get("outputs")
    return isinstance(outputs, list) and any(o.get("output_type") == "error" for o in outputs)
