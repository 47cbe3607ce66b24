"""The undo of an import under fire: what is written meanwhile stays, and a kill is no harm."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from grade_command import run_grade
from import_workspace import ImportWorkspace, lay_files

from grader.base.errors import UsageError
from grader.base.lock import hold_lock
from grader.base.paths import Workspace
from grader.learner.journal import Journal
from grader.learner.records import tables
from grader.services.importing import write
from grader.services.importing.files import read_files
from grader.services.importing.planner import plan_imports
from grader.services.importing.undo import undo_import
from grader.services.importing.write import write_imports
from grader.services.session import Session

DAY = "2025-03-04"
SAMPLER = "Wrote the sampler today, with a temperature."
JOURNAL = f"""# Journal

## {DAY}

- read about masks
- slept

## 2025-03-05

{SAMPLER}

# Ideas

- [ ] Top-k
"""
MORE = f"""# More

## {DAY}

- more words

## 2025-03-05

- more of the sampler
"""
WAIT = """
import sys
from pathlib import Path
from grader.base import lock
sign, real = Path(sys.argv.pop(1)), lock._try_lock
def try_lock(path):
    handle = real(path)
    if handle is None:
        sign.touch()
    return handle
lock._try_lock = try_lock
from grader.cli.main import main
sys.exit(main())
"""
"""Run ``grade``, and make a file once it waits for a lock."""


@pytest.fixture
def workspace(tmp_path: Path) -> ImportWorkspace:
    """A workspace in which one day has an entry already, with a line that the journal has too."""
    workspace = ImportWorkspace(tmp_path)
    lay_files(workspace.root / "docs", {f"log/{DAY}.md": "# Mine\n\n- first\n- slept\n"})
    return workspace


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal with two days and an idea."""
    return lay_files(tmp_path / "home", {"README.md": JOURNAL}) / "README.md"


def start_undo(workspace: ImportWorkspace, sign: Path) -> subprocess.Popen[str]:
    """Start ``grade import --undo``; return once it waits for a lock."""
    words = [sys.executable, "-c", WAIT, str(sign), "import", "--undo"]
    undo = subprocess.Popen(words, cwd=workspace.root, text=True, stderr=subprocess.PIPE)
    while not sign.exists():
        assert undo.poll() is None, f"the undo did not wait: {undo.communicate()[1]}"
        time.sleep(0.01)
    return undo


def hold_import(workspace: ImportWorkspace) -> AbstractContextManager[None]:
    """Hold the lock of imports."""
    return hold_lock(workspace.paths.generated / "import.lock", 30)


@pytest.mark.skipif(sys.platform == "win32", reason="the sign is made where flock is used")
def test_what_comes_while_an_undo_waits_is_not_lost(
    workspace: ImportWorkspace, journal: Path, tmp_path: Path
) -> None:
    """A line that is logged before the undo has its lock stays; the import's lines go."""
    workspace.bring(journal)
    with hold_import(workspace):
        undo = start_undo(workspace, tmp_path / "waits")
        for day in (DAY, "2025-03-05"):
            done = run_grade(workspace.root, "log", "--date", day, "mine, in between")
            assert done.returncode == 0, done.stderr
    _, complaint = undo.communicate(timeout=60)
    assert undo.returncode == 0, complaint
    assert workspace.read(f"log/{DAY}.md") == "# Mine\n\n- first\n- slept\n\n- mine, in between\n"
    assert "- mine, in between\n" in workspace.read("log/2025-03-05.md")
    assert "sampler" not in workspace.read("log/2025-03-05.md")


@pytest.mark.skipif(sys.platform == "win32", reason="the sign is made where flock is used")
def test_an_undo_waits_for_a_line_that_is_being_logged(
    workspace: ImportWorkspace, journal: Path, tmp_path: Path
) -> None:
    """What was imported does not come back with a line that was begun before the undo."""
    workspace.bring(journal)
    path = workspace.paths.log / f"{DAY}.md"
    with Journal(workspace.paths.log).hold():
        before = path.read_text("utf-8")
        undo = start_undo(workspace, tmp_path / "waits")
        path.write_text(f"{before}- mine, begun before\n", "utf-8")
    _, complaint = undo.communicate(timeout=60)
    assert undo.returncode == 0, complaint
    assert workspace.read(f"log/{DAY}.md") == "# Mine\n\n- first\n- slept\n\n- mine, begun before\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
def test_an_undo_that_is_killed_is_finished_by_the_next(
    workspace: ImportWorkspace, journal: Path, tmp_path: Path
) -> None:
    """Killed before any of its changes to files, it has done no harm; the next does the rest.

    A line of the learner's that the journal has too stays, as does one that was logged since.
    """
    before = workspace.list_files()
    workspace.bring(journal)
    log = workspace.paths.log / "2025-03-05.md"
    log.write_text(log.read_text("utf-8") + f"\n{SAMPLER}\n", "utf-8")
    kills = 0
    while True:
        root = tmp_path / f"copy-{kills}"
        shutil.copytree(workspace.root, root, symlinks=True)
        session = Session.open(Workspace(root))
        is_killed = kill_undo(session, kills)
        if is_killed:
            undo_import(session)
        workspace.root, whole = root, workspace.root
        assert workspace.list_files() == {
            **before,
            "log/2025-03-05.md": f"# Wednesday, 5 March 2025\n\n{SAMPLER}\n".encode(),
        }
        workspace.root = whole
        assert not session.workspace.imported.exists()
        assert not tables.open_imports(session.workspace.progress).read_all()
        with pytest.raises(UsageError, match="no import to take back"):
            undo_import(session)
        if not is_killed:
            break
        kills += 1
    assert kills > 6


def kill_undo(session: Session, changes: int) -> bool:
    """Undo in another process and kill it after so many changes; False if it had no more."""
    child = os.fork()
    if child == 0:
        left = changes

        def watch(event: str, _: Any) -> None:
            nonlocal left
            if event in ("os.rename", "os.remove", "os.rmdir"):
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        status = 1
        try:
            sys.addaudithook(watch)
            undo_import(session)
            status = 0
        finally:
            os._exit(status)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the undo failed"
    return os.WIFSIGNALED(status)


def test_what_was_logged_during_the_import_is_not_lost(
    workspace: ImportWorkspace, journal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that is logged between two writes of an import stays when that is undone."""
    other = lay_files(tmp_path / "other", {"more.md": MORE}) / "more.md"
    session, log = Session.open(workspace.paths), Journal(workspace.paths.log)
    places = [(f"log/{DAY}.md", date.fromisoformat(DAY)), ("log/2025-03-05.md", date(2025, 3, 5))]
    real, written = write._write_target, []

    def write_and_log(*given: Any) -> None:
        real(*given)
        written.append(given[2].path.name)
        for _, day in places:
            log.add(day, f"mine, after {len(written)}")

    monkeypatch.setattr(write, "_write_target", write_and_log)
    sources = read_files(workspace.paths, [journal, other]).sources
    write_imports(session, plan_imports(session, sources))
    assert written == [f"{DAY}.md", "2025-03-05.md", "home.md", f"{DAY}.md", "2025-03-05.md"]
    for place, _ in places:
        assert "- more " in workspace.read(place)
    undo_import(session)
    first, second = (workspace.read(place) for place, _ in places)
    mine = [f"- mine, after {n}" for n in range(1, 6)]
    assert first.split() == f"# Mine - first - slept {' '.join(mine)}".split()
    assert second.split() == f"# Wednesday, 5 March 2025 {' '.join(mine)}".split()
    assert set(workspace.list_files()) == {place for place, _ in places}
