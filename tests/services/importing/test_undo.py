"""The undo of an import under fire: what is written meanwhile stays, and a kill is no harm."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from grade_command import run_grade
from import_workspace import PICTURE, ImportWorkspace, lay_files

from grader.base.errors import NoteError
from grader.base.lock import hold_lock
from grader.base.paths import Workspace
from grader.learner.journal import Journal
from grader.learner.records import tables
from grader.services.importing import write
from grader.services.importing.files import read_files
from grader.services.importing.import_lock import hold_imports
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
NOTEBOOK = """{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "old"}],
"metadata": {}, "nbformat": 4, "nbformat_minor": 5}"""
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


def start_import(workspace: ImportWorkspace, sign: Path, *given: str) -> subprocess.Popen[str]:
    """Start ``grade import`` with these words; return once it waits for a lock."""
    words = [sys.executable, "-c", WAIT, str(sign), "import", *given]
    process = subprocess.Popen(words, cwd=workspace.root, text=True, stderr=subprocess.PIPE)
    while not sign.exists():
        assert process.poll() is None, f"it did not wait: {process.communicate()[1]}"
        time.sleep(0.01)
    return process


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
        undo = start_import(workspace, tmp_path / "waits", "--undo")
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
        undo = start_import(workspace, tmp_path / "waits", "--undo")
        path.write_text(f"{before}- mine, begun before\n", "utf-8")
    _, complaint = undo.communicate(timeout=60)
    assert undo.returncode == 0, complaint
    assert workspace.read(f"log/{DAY}.md") == "# Mine\n\n- first\n- slept\n\n- mine, begun before\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the sign is made where flock is used")
def test_an_import_waits_for_a_line_that_is_being_logged(
    workspace: ImportWorkspace, journal: Path, tmp_path: Path
) -> None:
    """Neither the line nor what is imported is lost, and the line outlives an undo."""
    path = workspace.paths.log / f"{DAY}.md"
    with Journal(workspace.paths.log).hold():
        before = path.read_text("utf-8")
        process = start_import(workspace, tmp_path / "waits", "--yes", str(journal))
        path.write_text(f"{before}- mine, begun before\n", "utf-8")
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint
    assert "- mine, begun before\n\n- read about masks\n" in workspace.read(f"log/{DAY}.md")
    undo_import(Session.open(workspace.paths))
    assert workspace.read(f"log/{DAY}.md") == f"{before}- mine, begun before\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
def test_an_undo_that_is_killed_is_finished_by_the_next(
    workspace: ImportWorkspace, journal: Path, tmp_path: Path
) -> None:
    """Killed before any of its changes to files, it has done no harm; the next does the rest.

    A line of the learner's that the journal has too stays, as does one that was logged since.
    """
    notebook = lay_files(tmp_path, {"n.ipynb": NOTEBOOK}) / "n.ipynb"
    workspace.bring(notebook)
    before = workspace.list_files()
    rows = tables.open_imports(workspace.paths.progress).read_all()
    lay_files(journal.parent, {"README.md": f"{JOURNAL}\n![p](p.png)\n", "p.png": PICTURE})
    notebook.write_text(NOTEBOOK.replace("old", "new"), "utf-8")
    workspace.bring(journal, notebook)
    assert len(set(workspace.list_files().values()) - set(before.values())) == 5
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
        assert tables.open_imports(session.workspace.progress).read_all() == rows
        assert not [path for path in session.workspace.imported.iterdir() if path.is_dir()]
        assert len(list(session.workspace.import_runs.glob("*.json"))) == 1
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
            status, left = 0, -1  # what the process does at its end is none of the undo's changes
        finally:
            os._exit(status)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the undo failed"
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("moments", [(1, 2, 3, 4, 5), (1,), (3, 4), (5,)])
def test_what_was_logged_during_the_import_is_not_lost(
    workspace: ImportWorkspace,
    journal: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moments: Sequence[int],
) -> None:
    """A line that is logged between two writes of an import stays when that is undone.

    So does one that says what the journal is about to say.
    """
    other = lay_files(tmp_path / "other", {"more.md": MORE}) / "more.md"
    session, log = Session.open(workspace.paths), Journal(workspace.paths.log)
    places = [(f"log/{DAY}.md", date.fromisoformat(DAY)), ("log/2025-03-05.md", date(2025, 3, 5))]
    real, written = write._write_target, []

    def write_and_log(*given: Any) -> None:
        real(*given)
        written.append(given[2].path.name)
        if len(written) in moments:
            for _, day in places:
                log.add(day, f"mine, after {len(written)}")
            log.add(places[1][1], "more of the sampler")

    monkeypatch.setattr(write, "_write_target", write_and_log)
    sources = read_files(workspace.paths, [journal, other]).sources
    write_imports(session, plan_imports(session, sources))
    assert written == [f"{DAY}.md", "2025-03-05.md", "home.md", f"{DAY}.md", "2025-03-05.md"]
    for place, _ in places:
        assert "- more " in workspace.read(place)
    undo_import(session)
    first, second = (workspace.read(place) for place, _ in places)
    mine = [f"- mine, after {n}" for n in moments]
    assert list(filter(None, first.split("\n"))) == ["# Mine", "- first", "- slept", *mine]
    both = [line for one in mine for line in (one, "- more of the sampler")]
    assert list(filter(None, second.split("\n"))) == ["# Wednesday, 5 March 2025", *both]
    assert set(workspace.list_files()) == {place for place, _ in places}


def import_journals(session: Session, *paths: Path) -> None:
    """Import these journals in this process."""
    write_imports(session, plan_imports(session, read_files(session.workspace, paths).sources))


def test_what_was_logged_before_an_import_is_finished_is_not_lost(
    workspace: ImportWorkspace, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that stops halfway and is run again is undone as one, to the byte.

    A line that was logged in between stays.
    """
    session, log = Session.open(workspace.paths), Journal(workspace.paths.log)
    before = workspace.list_files()

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    for line in ("", "mine"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(write, "_write_rows", stop)
            import_journals(session, journal)
        if line:
            log.add(date(2025, 3, 5), line)
        import_journals(session, journal)
        assert SAMPLER in workspace.read("log/2025-03-05.md")
        assert undo_import(session).kept == []
        day = {"log/2025-03-05.md": b"# Wednesday, 5 March 2025\n\n- mine\n"} if line else {}
        assert workspace.list_files() == {**before, **day}


def test_an_edited_item_gets_its_older_text_back_in_a_file_with_other_lines(
    workspace: ImportWorkspace, journal: Path
) -> None:
    """What an import updated is as before its run, whatever was logged since."""
    session, log = Session.open(workspace.paths), Journal(workspace.paths.log)
    import_journals(session, journal)
    log.add(date(2025, 3, 5), "mine")
    before = workspace.list_files()
    rows = tables.open_imports(workspace.paths.progress).read_all()
    journal.write_text(JOURNAL.replace("a temperature.", "a temperature of 0.7."), "utf-8")
    import_journals(session, journal)
    assert "of 0.7" in workspace.read("log/2025-03-05.md")
    log.add(date(2025, 3, 5), "mine too")
    undo_import(session)
    assert (
        workspace.read("log/2025-03-05.md").replace("- mine too\n", "").encode()
        == (before["log/2025-03-05.md"])
    )
    assert tables.open_imports(workspace.paths.progress).read_all() == rows


def test_the_record_of_an_earlier_version_is_read_without_a_loss(
    workspace: ImportWorkspace, journal: Path
) -> None:
    """It names lines as the import's that were there before; they stay all the same."""
    session, log = Session.open(workspace.paths), Journal(workspace.paths.log)
    for line in ("", "mine"):
        before = workspace.list_files()
        import_journals(session, journal)
        (record,) = workspace.paths.import_runs.glob("*.json")
        row = json.loads(record.read_bytes())
        names = ("before", "after", "digest", "pieces", "is_copy")
        row["files"] = {
            place: {name: file[name] for name in names} for place, file in row["files"].items()
        }
        row["files"][f"docs/log/{DAY}.md"]["pieces"].append([row["ledger"][1], "- slept"])
        record.write_text(json.dumps(row), "utf-8")
        if line:
            log.add(date.fromisoformat(DAY), line)
        undo_import(session)
        mine = before[f"log/{DAY}.md"] + (b"\n- mine\n" if line else b"")
        assert workspace.list_files() == {**before, f"log/{DAY}.md": mine}


def test_an_import_that_has_waited_for_long_says_for_what(workspace: ImportWorkspace) -> None:
    """The error names another import, and changes nothing; one from within stays what it is."""
    workspace.paths.generated.mkdir(exist_ok=True)
    with (
        hold_import(workspace),
        pytest.raises(NoteError, match="Another import or undo"),
        hold_imports(workspace.paths, patience=0.1),
    ):
        pass
    with pytest.raises(TimeoutError, match="of its own"), hold_imports(workspace.paths):
        raise TimeoutError("of its own")
    with hold_imports(workspace.paths, patience=0.1):
        pass
