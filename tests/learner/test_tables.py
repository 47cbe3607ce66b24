"""The small files beside the attempts under fire: kills, crowds, damage and merges, all real."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

import grader
from grader.base.errors import RecordsError
from grader.learner.model import CardSchedule, ImportedClaim, ImportedItem, Reading, Repeat
from grader.learner.records import tables
from grader.learner.records.table import RecordTable

ROOT = Path(grader.__file__).parents[1]
posix = pytest.mark.skipif(os.name == "nt", reason="needs fork and signals")

WRITER = """
import os, random, signal, sys, time
from pathlib import Path
from dataclasses import replace
from grader.learner.model import CardSchedule
from grader.learner.records import tables
folder = Path(sys.argv[1])
def recall(n):
    at = f"2026-11-{n // 86400 % 28 + 1:02d}T{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}"
    return CardSchedule("2026-12-01T12:00:00+00:00", at + "+00:00", "review", 2.5, 5.0, None, n)
"""


def recall(reviews: int = 1, at: str = "2026-11-22T10:00:00+00:00") -> CardSchedule:
    """A schedule; the number of reviews tells one from another."""
    return CardSchedule("2026-12-01T12:00:00+00:00", at, "review", 2.5, 5.0, None, reviews)


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a small Python process in which ``recall`` is known."""
    command = [sys.executable, "-c", WRITER + code, *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def output(process: subprocess.Popen[str]) -> str:
    """What the process said, once it has ended well."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the records go; it does not exist yet."""
    return tmp_path / "progress"


# What a shelf does


def test_an_empty_shelf_makes_no_file(folder: Path) -> None:
    """Who only reads, or puts nothing, leaves the folder as it was."""
    shelf = tables.open_cards(folder)
    assert (shelf.read_all(), shelf.get("a")) == ({}, None)
    shelf.put({})
    assert not folder.exists()


def test_each_kind_of_row_comes_back_as_it_was_put(folder: Path) -> None:
    """Cards, copies, readings, claims and imports are each their own file, read by anyone."""
    reading = Reading("next", "2026-11-22", "2026-11-22T10:00:00+00:00", objectives=("a", "b"))
    said = ImportedClaim("Attention", True, "README.md:41", "2026-11-22", units=("attention",))
    held: list[tuple[RecordTable[object], object]] = [
        (tables.open_cards(folder), recall()),  # type: ignore[list-item]
        (tables.open_repeats(folder), Repeat("2026-11-22T10:00:00+00:00", 2)),  # type: ignore[list-item]
        (tables.open_readings(folder), reading),  # type: ignore[list-item]
        (tables.open_claims(folder), said),  # type: ignore[list-item]
        (tables.open_imports(folder), ImportedItem("a.md:1", "docs/log", "2026-11-22")),  # type: ignore[list-item]
    ]
    for shelf, row in held:
        shelf.put({"key": row})
    for shelf, row in held:
        assert shelf.read_all() == {"key": row}
    names = sorted(path.name for path in folder.glob("*.json"))
    assert names == ["again.json", "cards.json", "claims.json", "imports.json", "readings.json"]


def test_add_leaves_known_rows_alone(folder: Path) -> None:
    """Only the new names are added, and they alone come back."""
    shelf = tables.open_cards(folder)
    shelf.put({"a": recall(1)})
    assert shelf.add({"a": recall(9), "b": recall(2)}) == {"b": recall(2)}
    assert shelf.read_all() == {"a": recall(1), "b": recall(2)}
    before = shelf.path.stat().st_mtime_ns
    assert shelf.add({"a": recall(9)}) == {}
    assert shelf.path.stat().st_mtime_ns == before


def test_change_makes_the_next_row_of_the_one_that_is_there(folder: Path) -> None:
    """The rule sees what is on disk, None for nothing, and giving None changes nothing."""
    shelf, other = tables.open_cards(folder), tables.open_cards(folder)
    assert shelf.revise("a", lambda row: recall(1) if row is None else None) == recall(1)
    other.put({"a": recall(5)})
    after = shelf.revise("a", lambda row: replace(row, reviews=row.reviews + 1) if row else None)
    assert after == recall(6) == other.get("a")
    assert shelf.revise("a", lambda row: None) is None
    assert other.get("a") == recall(6)


def test_a_row_that_does_not_fit_is_refused_and_nothing_is_written(folder: Path) -> None:
    """A stability that is a text is our fault, and told as such."""
    shelf = tables.open_cards(folder)
    shelf.put({"a": recall(1)})
    wrong = replace(recall(2), stability="much")  # type: ignore[arg-type]
    with pytest.raises(RecordsError, match=r"cards\.json: nothing was written.*cards/b"):
        shelf.put({"b": wrong})
    assert tables.open_cards(folder).read_all() == {"a": recall(1)}


# Kills and crowds

KILLED = """
shelf = tables.open_cards(folder)
n = int(sys.argv[2])
while True:
    n += 1
    shelf.revise("one", lambda row: recall(n))
    shelf.put({f"card-{n % 50}": recall(n)})
    print(n, flush=True)
"""


@posix
def test_a_writer_killed_at_any_moment_loses_nothing_confirmed() -> None:
    """After each of 40 kills the file is whole, and holds all that was said to be on disk."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    chance = random.Random(20261122)
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder, last = Path(name) / "progress", 0
        for _ in range(40):
            writer = python(KILLED, folder, last)
            assert writer.stdout is not None
            last = int(writer.stdout.readline())
            time.sleep(chance.uniform(0, 0.02))
            writer.kill()
            told = writer.communicate(timeout=30)[0].split("\n")[:-1]
            last = int(told[-1]) if told else last
            json.loads((folder / "cards.json").read_bytes())
            shelf = tables.open_cards(folder)
            rows = shelf.read_all()
            assert rows["one"].reviews >= last
            assert rows[f"card-{last % 50}"].reviews in (last, last + 50)
            assert shelf.warnings == []


COUNTER = """
shelf = tables.open_cards(folder)
for number in range(100):
    shelf.revise("shared", lambda row: replace(row, reviews=row.reviews + 1) if row else recall(1))
    shelf.add({f"{sys.argv[2]}-{number}": recall(number + 1)})
print(*shelf.warnings)
"""


def test_processes_that_write_at_once_lose_none(folder: Path) -> None:
    """Three times 100 changes of one row are 300, every other row is there, files stay whole."""
    writers = [python(COUNTER, folder, name) for name in ("a", "b", "c")]
    seen = [0]
    while any(writer.poll() is None for writer in writers):
        seen.append(len(tables.open_cards(folder).read_all()))
        time.sleep(0.02)
    assert [output(writer).strip() for writer in writers] == [""] * 3
    rows = tables.open_cards(folder).read_all()
    assert rows["shared"].reviews == 300
    assert len(rows) == 301
    assert seen == sorted(seen)
    assert len({number for number in seen if 0 < number < 301}) > 2, "nothing read meanwhile"


# Damage and merges


@pytest.mark.parametrize(
    "damage",
    [b"", bytes(100), b"{", b"[]", b'{"schema": 1}', b'{"schema": 1, "cards": {"a": {"due": 1}}}'],
)
@pytest.mark.parametrize("first", ["read", "write"])
def test_a_damaged_file_is_restored_from_its_backup(
    folder: Path, damage: bytes, first: str
) -> None:
    """Reader or writer, the first to meet it brings the rows back, and keeps what it held."""
    shelf = tables.open_cards(folder)
    shelf.put({"a": recall(1)})
    shelf.path.write_bytes(damage)
    after = tables.open_cards(folder)
    if first == "write":
        after.put({"b": recall(2)})
    assert after.read_all() == {"a": recall(1)} | ({"b": recall(2)} if first == "write" else {})
    assert len(after.warnings) == 1
    assert "restored from its backup" in after.warnings[0]
    kept = list((folder / ".keep").glob("cards.json.damaged-*"))
    assert [path.read_bytes() for path in kept] == [damage]


def test_a_file_of_a_newer_schema_is_refused_and_left_as_it_is(folder: Path) -> None:
    """An older Groundwork does not write over what it cannot read."""
    shelf = tables.open_cards(folder)
    shelf.put({"a": recall(1)})
    newer = shelf.path.read_bytes().replace(b'"schema": 1', b'"schema": 99')
    shelf.path.write_bytes(newer)
    for touch in (shelf.read_all, lambda: shelf.put({"b": recall(2)})):
        with pytest.raises(RecordsError, match="schema 99"):
            touch()
    assert shelf.path.read_bytes() == newer


def git(folder: Path, *words: str, code: int = 0) -> None:
    """Run git in the folder."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr


def test_of_a_card_reviewed_in_two_clones_the_later_review_wins(tmp_path: Path) -> None:
    """A real merge conflict is settled when the file is next read; new rows of both sides stay."""
    folder = tmp_path / "progress"
    early, late = "2026-11-22T10:00:00+00:00", "2026-11-22T11:00:00+00:00"
    shelf, copies = tables.open_cards(folder), tables.open_repeats(folder)
    git(tmp_path, "init", "-q", "-b", "main")
    shelf.put({name: recall(1) for name in ("p", "q", "r")})
    copies.put({"a/b": Repeat(early)})
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "checkout", "-qb", "other")
    shelf.put({"p": recall(7, late), "q": recall(2, early), "x": recall(3)})
    copies.put({"a/b": Repeat(early, 2)})
    git(tmp_path, "commit", "-qam", "other")
    git(tmp_path, "checkout", "-q", "main")
    shelf.put({"p": recall(4, early), "q": recall(5, late), "y": recall(6)})
    copies.put({"a/b": Repeat(early, 1, late)})
    git(tmp_path, "commit", "-qam", "main")
    git(tmp_path, "merge", "other", code=1)
    assert b"<<<<<<<" in shelf.path.read_bytes()
    merged = tables.open_cards(folder)
    rows = merged.read_all()
    assert (rows["p"], rows["q"], rows["r"]) == (recall(7, late), recall(5, late), recall(1))
    assert (rows["x"], rows["y"]) == (recall(3), recall(6))
    assert "both sides of git's conflict" in merged.warnings[0]
    assert b"<<<<<<<" not in shelf.path.read_bytes()
    assert tables.open_repeats(folder).read_all() == {"a/b": Repeat(early, 1, late)}
