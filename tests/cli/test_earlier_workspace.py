"""A workspace that an earlier version wrote is read without a loss.

``earlier_workspace.json`` holds the files of a small course and of its learner, written by the
commands of commit 318d13c: attempts that passed and failed, hints, a shown solution, a skip, cards,
readings, an import, notes, the log, settings, files set aside, a repeat, an export, backups and
caches. Beside them stands what that version read from them (``data``) and printed (``printed``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from grader.base.paths import Workspace
from grader.learner.journal import Journal
from grader.learner.records import Records, tables
from grader.learner.settings import Settings
from grader.services.repetition import list_underway
from grader.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
EARLIER = json.loads((ROOT / "tests/support/earlier_workspace.json").read_text("utf-8"))
DATA, PRINTED = EARLIER["data"], EARLIER["printed"]
OPENED = {
    "cards": tables.open_cards,
    "again": tables.open_repeats,
    "readings": tables.open_readings,
    "claims": tables.open_claims,
    "imports": tables.open_imports,
}

COMMAND = """
import datetime, sys
from grader.base import clock
moment = datetime.datetime.fromisoformat(sys.argv.pop(1))
clock.get_now = lambda: moment
from grader.__main__ import main
main()
"""

Grade = Callable[..., str]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The workspace as the earlier version left it."""
    root = tmp_path / "clone"
    for name, text in EARLIER["files"].items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return Workspace(root)


@pytest.fixture
def grade(workspace: Workspace) -> Grade:
    """A command of today at the moment at which the earlier version read; gives what it printed."""

    def grade(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, EARLIER["read_at"], *words],
            cwd=workspace.root,
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
            timeout=120,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return grade


def as_json(value: object) -> Any:
    """The value as it comes back from JSON."""
    return json.loads(json.dumps(value, default=str))


def keep_keys(found: Any, earlier: Any) -> Any:
    """What is found, without the keys that the earlier version did not have."""
    if isinstance(found, list) and isinstance(earlier, list) and len(found) == len(earlier):
        return [keep_keys(one, other) for one, other in zip(found, earlier, strict=True)]
    if isinstance(found, dict) and isinstance(earlier, dict):
        return {key: keep_keys(found[key], earlier[key]) for key in found if key in earlier}
    return found


def test_the_records_hold_what_they_held(workspace: Workspace) -> None:
    """Standings, attempts and days are the same, and nothing had to be restored or recounted."""
    before = (workspace.progress / "standing.json").read_bytes()
    records = Records(workspace.progress)
    standings = {name: asdict(row) for name, row in records.read_standings().items()}
    assert as_json(standings) == DATA["standings"]
    assert as_json([asdict(row) for row in records.read_attempts()]) == DATA["attempts"]
    assert records.count_days() == DATA["days"]
    assert records.warnings == []
    assert (workspace.progress / "standing.json").read_bytes() == before


@pytest.mark.parametrize("name", OPENED)
def test_each_table_holds_what_it_held(workspace: Workspace, name: str) -> None:
    """Cards, repeats, readings, claims and imports have the same rows."""
    table = OPENED[name](workspace.progress)
    rows = {key: asdict(row) for key, row in table.read_all().items()}  # type: ignore[attr-defined]
    assert keep_keys(as_json(rows), DATA[name]) == DATA[name]
    assert rows != {}


def test_a_repeat_that_was_begun_is_still_under_way(workspace: Workspace) -> None:
    """The copy of one exercise waits to be solved, and the one that was solved does not."""
    assert list(list_underway(Session.open(workspace))) == ["numbers/triple"]


def test_the_log_and_the_settings_are_read(workspace: Workspace) -> None:
    """Every entry has its text, and every setting its value."""
    entries = Journal(workspace.log).read_entries()
    assert {entry.day.isoformat(): entry.text for entry in entries} == DATA["log"]
    settings = as_json(asdict(Settings.read(workspace.settings)))
    assert {name: settings[name] for name in DATA["settings"]} == DATA["settings"]


@pytest.mark.parametrize("command", ["status", "list", "next", "review", "read"])
def test_the_commands_print_the_same_json(grade: Grade, command: str) -> None:
    """What a script reads of that workspace is the same to the letter, whatever keys are new."""
    words = (command, "--all", "--json") if command == "read" else (command, "--json")
    printed = PRINTED[command]
    assert keep_keys(json.loads(grade(*words)), printed) == printed


@pytest.mark.parametrize("command", ["log", "note"])
def test_log_and_notes_are_listed_as_before(grade: Grade, command: str) -> None:
    """The days of the log and the notes are shown with the same words."""
    assert grade(command) == PRINTED[command]


def test_an_export_knows_its_own_files(workspace: Workspace, grade: Grade) -> None:
    """A badge that the earlier version exported is replaced without --force."""
    badge = workspace.root / "badge.svg"
    grade("log", "one line more")
    grade("export", "--badge", "badge.svg")
    assert badge.read_text("utf-8").startswith("<svg")


def test_an_import_brings_what_was_left_out_and_nothing_twice(
    workspace: Workspace, grade: Grade
) -> None:
    """The journal that was imported then is known; what that version took out of it comes once.

    Ticks, reading lists and tables stood in no note then. They come in a note of their own; no
    other file of the learner's changes, no claim and no reading.
    """
    kept, note = (workspace.handwritten, workspace.progress), workspace.imported / "plan.md"

    def read() -> dict[Path, bytes]:
        files = (path for folder in kept for path in folder.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in files if "lock" not in path.name}

    before = read()
    grade("import", "../plan.md", "--yes")
    after = read()
    changed = {path for path in after if after[path] != before.get(path)}
    ledger = {path for path in changed if path.name.startswith("imports.json")}
    assert changed - ledger == {note}
    text = note.read_text("utf-8")
    assert "- [x] Numbers\n- [ ] Words" in text and "| What is one? | The first |" in text
    assert "wrote a counter" not in text  # it is in the log
    grade("import", "../plan.md", "--yes")
    assert read() == after


def test_a_damaged_file_is_restored_from_an_earlier_backup(workspace: Workspace) -> None:
    """The backups that the earlier version wrote are used."""
    for name in ("standing.json", "attempts/2026-03.json", "cards.json"):
        (workspace.progress / name).write_bytes(b"{")
    records, cards = Records(workspace.progress), tables.open_cards(workspace.progress)
    assert as_json([asdict(row) for row in records.read_attempts()]) == DATA["attempts"]
    standings = {name: asdict(row) for name, row in records.read_standings().items()}
    assert as_json(standings) == DATA["standings"]
    assert as_json({k: asdict(row) for k, row in cards.read_all().items()}) == DATA["cards"]
    assert (len(records.warnings), len(cards.warnings)) == (2, 1)


def test_what_is_added_stands_beside_what_was_there(workspace: Workspace, grade: Grade) -> None:
    """After a hint, a line, a reading and a reset of today every older row is as it was."""
    mine = workspace.locate_stub("words/lower")
    own = mine.read_bytes()
    grade("hint", "words/lower")
    grade("log", "one line more")
    grade("read", "peano", "--done")
    grade("reset", "words/lower")
    records = Records(workspace.progress)
    standings = as_json({n: asdict(row) for n, row in records.read_standings().items()})
    lower = {**DATA["standings"]["words/lower"], "hints": 1}
    assert standings == {**DATA["standings"], "words/lower": lower}
    readings = tables.open_readings(workspace.progress).read_all()
    assert readings.pop("peano").state == "done"
    assert as_json({n: asdict(row) for n, row in readings.items()}) == DATA["readings"]
    aside = sorted((workspace.progress / "aside").rglob("*.py"))
    assert [path.read_bytes() for path in aside] == [b"def triple(x:\n", own]
    assert len(Journal(workspace.log).read_entries()) == len(DATA["log"]) + 1
