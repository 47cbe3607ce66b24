"""A hostile place to run in: pipes for files, full disks, no folder, no time zone, no output."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from site_workspace import lay

from grader.base.paths import Workspace

DOUBLE = "numbers/double"
Grade = Callable[..., subprocess.CompletedProcess[str]]
FULL = Path("/dev/full")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    """A workspace with a small course."""
    return lay(tmp_path / "ws")


@pytest.fixture
def grade(own: Workspace) -> Grade:
    """``grade`` in the workspace; a command that waits for somebody fails the test."""

    def grade(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "grader.cli.main", *words],
            cwd=own.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "100", **more},
            timeout=60,
        )

    return grade


@contextlib.contextmanager
def small_disk(folder: Path, size: str = "64k", mode: str = "rw") -> Iterator[None]:
    """A file system of its own at the folder, which only root can make."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    made = shutil.which("mount") and subprocess.run(command, capture_output=True, check=False)
    if not made or made.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        if mode == "ro":
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def is_clear(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether the command ended in words of ours, and blamed neither itself nor Python."""
    said = done.stdout + done.stderr
    ours = "Internal error" not in said and "Traceback" not in said
    return ours and "Exception ignored" not in said and "Errno" not in said


@pytest.mark.parametrize(
    "name",
    [
        "progress/standing.json",
        "progress/settings.toml",
        "progress/cards.json",
        "progress/readings.json",
        "progress/attempts/2026-11.json",
        "exercises/attention/softmax.py",
        "docs/log/2026-11-22.md",
        "docs/notes/note.md",
    ],
)
@pytest.mark.parametrize("words", [("",), ("status",), ("log", "a line"), ("review", "--json")])
def test_a_pipe_in_a_files_place_hangs_no_command(
    own: Workspace, grade: Grade, name: str, words: tuple[str, ...]
) -> None:
    """Nobody waits for somebody to write to it; where the file is needed its path is said."""
    path = own.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    done = grade(*filter(None, words))
    assert is_clear(done), done.stderr
    needed = {"progress/standing.json": ("", "status"), "exercises/attention/softmax.py": ("",)}
    if words[0] in needed.get(name, ()):
        assert name in done.stdout + done.stderr


def test_a_pipe_in_the_temporary_files_place_is_replaced(own: Workspace, grade: Grade) -> None:
    """The name that all writers of the records share may be taken by anything."""
    (own.progress / ".keep").mkdir(parents=True)
    os.mkfifo(own.progress / ".keep" / "writing.tmp")
    assert grade("skip", DOUBLE).returncode == 0
    assert (own.progress / "standing.json").is_file()


@pytest.mark.parametrize("zone", ["UTC-99:99:99", "\udcff\udcfe", ":/nowhere", "x" * 9000])
def test_a_time_zone_that_cannot_be_read_costs_a_warning(
    own: Workspace, grade: Grade, zone: str
) -> None:
    """The line is logged, and which setting was wrong is said where it was."""
    done = grade("log", "read about softmax", TZ=zone)
    assert done.returncode == 0 and is_clear(done)
    assert len(list(own.log.glob("*.md"))) == 1
    if "-99" in zone:
        assert "TZ=UTC-99:99:99: the machine's time zone cannot be read" in done.stderr
        assert grade("status", TZ=zone).returncode == 0


def test_a_folder_that_was_deleted_is_said(tmp_path: Path) -> None:
    """Who stands in a folder that is gone reads what to do."""
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"rmdir {gone}; exec {sys.executable} -m grader.cli.main status"
    done = subprocess.run(["sh", "-c", script], cwd=gone, capture_output=True, text=True)
    assert done.returncode == 2 and is_clear(done)
    assert "The current folder has been deleted" in done.stderr


@pytest.mark.skipif(not ROOT, reason="only root can mount a file system")
@pytest.mark.parametrize("mode", ["rw", "ro"])
def test_a_full_or_read_only_disk_is_said_while_rendering(
    own: Workspace, grade: Grade, mode: str
) -> None:
    """The file is named, and what to do; the disk is nobody's fault here."""
    assert grade("status").returncode == 0
    shutil.rmtree(own.generated)
    with small_disk(own.generated, mode=mode):
        done = grade("site", "render")
        assert done.returncode == 2 and is_clear(done), done.stderr
        assert str(own.generated) in done.stderr
        assert ("disk space" if mode == "rw" else "writable") in done.stderr
    assert grade("site", "render").returncode == 0


@pytest.mark.skipif(not ROOT, reason="only root can mount a file system")
@pytest.mark.parametrize("mode", ["rw", "ro"])
def test_an_attempt_that_cannot_be_recorded_keeps_its_verdict(
    own: Workspace, grade: Grade, mode: str
) -> None:
    """Grading goes on where nothing can be written, and says that it is not recorded."""
    own.locate_stub(DOUBLE).parent.mkdir(parents=True, exist_ok=True)
    own.locate_stub(DOUBLE).write_text(own.locate_reference(DOUBLE).read_text("utf-8"), "utf-8")
    with small_disk(own.progress, "4k", mode):
        if mode == "rw":
            with contextlib.suppress(OSError):
                (own.progress / "ballast").write_bytes(bytes(4096))
        done = grade(DOUBLE)
        assert is_clear(done) and "passed" in done.stdout
        assert done.returncode == 3 and str(own.progress) in done.stderr
        (result,) = json.loads(grade(DOUBLE, "--json").stdout)["results"]
        assert result["verdict"] == "passed" and str(own.progress) in result["unrecorded"]


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", [["status"], ["list", "--json"], ["--help"], ["lst"]])
def test_output_that_cannot_be_written_is_said(own: Workspace, words: list[str]) -> None:
    """In words of ours, where standard error is left, and with exit code 2."""
    command = [sys.executable, "-m", "grader.cli.main", *words]
    with FULL.open("w") as full:
        done = subprocess.run(
            command, cwd=own.root, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
        assert done.returncode == 2
        if words != ["lst"]:
            assert done.stderr.startswith("The output cannot be written: No space left on device")
        both = subprocess.run(command, cwd=own.root, stdout=full, stderr=full, timeout=60)
        assert both.returncode == 2
