"""One notebook, run in a copy of its folder and within a deadline."""

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

from grader.engine.process import end_tree
from grader.errors import NoteError
from grader.kernels import child
from grader.notes import Notes, executed

_LARGEST = 50_000_000
"""Bytes beyond which a file beside the notebook is not copied."""

_MEMORY = 2_000_000_000
"""Bytes of outputs, about, that are collected."""


def execute(notes: Notes, path: Path, root: Path, seconds: float, day: str) -> str:
    """Run a copy of the notebook and keep it; says how it went, in a few words.

    ``root`` is where the learner's exercises are imported from. ``NoteError`` when there is no
    kernel, when the deadline passed, and when the file cannot be run.
    """
    source = _source(path)
    with TemporaryDirectory(prefix="groundwork-", ignore_cleanup_errors=True) as scratch:
        place = Path(scratch, "notes")
        _copy(notes.folder, place)
        copy, word = Path(scratch, "copy.ipynb"), Path(scratch, "word")
        copy.write_bytes(source)
        folder = place / _below(path.parent, notes.folder)
        folder.mkdir(parents=True, exist_ok=True)
        _run([str(copy), str(folder), str(word)], path, root, scratch, seconds)
        whole = json.loads(copy.read_text("utf-8"))
    executed.keep(notes.cache, source, whole, day)
    errors = [n for n, cell in enumerate(whole["cells"], 1) if _failed(cell)]
    cells = ", ".join(map(str, errors))
    return f"run; {'cell' if len(errors) == 1 else 'cells'} {cells} failed" if errors else "run"


def _source(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NoteError(f"{path}: cannot be read ({error.strerror or error}).") from error


def _below(folder: Path, notes: Path) -> Path:
    real = Path(os.path.realpath(folder))
    notes = Path(os.path.realpath(notes))
    return real.relative_to(notes) if real.is_relative_to(notes) else Path()


def _copy(notes: Path, place: Path) -> None:
    """The notes and what lies beside them, without hidden, very large and linked files."""

    def left_out(folder: str, names: list[str]) -> list[str]:
        paths = [Path(folder, name) for name in names]
        return [p.name for p in paths if p.name.startswith(".") or p.is_symlink() or _huge(p)]

    shutil.copytree(notes, place, ignore=left_out)


def _huge(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > _LARGEST


def _run(words: list[str], path: Path, root: Path, scratch: str, seconds: float) -> None:
    running = subprocess.Popen(
        [sys.executable, "-P", "-m", child.__name__, *words],
        cwd=scratch,
        env=_environment(root, scratch),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        ended = _ended(running, seconds)
    finally:
        end_tree(running.pid)
        running.wait()
    if ended:
        raise NoteError(f"{path}: cell {_word(words)} {ended}")
    if running.returncode:
        raise NoteError(f"{path}: {_why(running.returncode, _word(words))}")


def _ended(running: subprocess.Popen[bytes], seconds: float) -> str:
    """Wait for the end; why it must be brought about, when it must."""
    end = time.monotonic() + seconds
    while running.poll() is None:
        if time.monotonic() > end:
            return (
                f"did not end within {seconds:g} s; the kernel and all that it started were "
                "killed. Mend the cell, or give more time with --seconds."
            )
        if _weight(running.pid) > _MEMORY:
            return "printed more than can be kept; the kernel was killed. Print less."
        time.sleep(0.05)
    return ""


def _weight(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _word(words: list[str]) -> str:
    try:
        return Path(words[2]).read_text("utf-8")
    except OSError:
        return "1"


def _why(code: int, word: str) -> str:
    if code == child.NO_KERNEL:
        return (
            f"no Jupyter kernel called {word!r} is installed. Install Python's with "
            "`python -m pip install ipykernel`, or choose another one in Jupyter."
        )
    if code == child.UNFIT:
        return f"cannot be run ({word}). Open it in Jupyter and save it again."
    return f"its kernel died in cell {word}; perhaps it wanted more memory than there is."


def _environment(root: Path, scratch: str) -> dict[str, str]:
    """The learner's own, with their exercises to import and IPython's files out of the way."""
    found = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {name: str(Path(scratch, name.lower())) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR")}
    return {**os.environ, **own, "PYTHONPATH": os.pathsep.join(found), "PYTHONUTF8": "1"}


def _failed(cell: dict[str, object]) -> bool:
    outputs = cell.get("outputs")
    return isinstance(outputs, list) and any(o.get("output_type") == "error" for o in outputs)
