"""The records under fire: kills, crowds, damage, full disks and closed doors, all real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader
from grader.base.errors import RecordsError
from grader.grading.outcome import Attempt, Verdict
from grader.learner.records import Records
from grader.learner.records.files import RecordFiles

ROOT = Path(grader.__file__).parents[1]
SOFTMAX = "attention/softmax"
STANDING, MONTH = "standing.json", "attempts/2026-11.json"
posix = pytest.mark.skipif(os.name == "nt", reason="needs fork, signals and file modes")

ATTEMPT = """
import os, random, resource, signal, sys, time
from pathlib import Path
import filelock
from grader.base.errors import RecordsError
from grader.grading.outcome import Attempt
from grader.learner.records import Records
folder = Path(sys.argv[1])
def attempt(seed, month="2026-11"):
    day = f"{month}-22"
    return Attempt("attention/softmax", "failed", {"test_shape": "failed"}, seed, 0.1,
                   "f" * 64, "c" * 64, f"{day}T10:00:{seed % 60:02d}+00:00", day)
"""


def attempt(seed: int = 0, verdict: Verdict = "failed") -> Attempt:
    """An attempt; ``seed`` tells one from another and sets the second."""
    at = f"2026-11-22T10:00:{seed:02d}+00:00"
    checks = {"test_shape": verdict}
    return Attempt(SOFTMAX, verdict, checks, seed, 0.1, "f" * 64, "c" * 64, at, "2026-11-22")  # type: ignore[arg-type]


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a small Python process, without pytest and torch, in which ``attempt`` is known."""
    command = [sys.executable, "-c", ATTEMPT + code, *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def output(process: subprocess.Popen[str]) -> str:
    """What the process said, once it has ended well."""
    out, err = process.communicate(timeout=400)
    assert process.returncode == 0, err
    return out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the records go; it does not exist yet."""
    return tmp_path / "progress"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# Kills

KILLS = """
import json
rng, confirmed, torn, took = random.Random(int(sys.argv[2])), [10**9], 0, 0.01
Records(folder).record(attempt(10**9))  # what is lazy is done before the forks
def write(kill, month, pipe):
    records = Records(folder)
    for number in range(1000):
        seed = 1000 * kill + number
        records.record(attempt(seed, month))
        os.write(pipe, f"{seed}\\n".encode())
for kill in range(int(sys.argv[3])):
    month = f"{2000 + kill // 240}-{1 + kill // 20 % 12:02d}"
    read, pipe = os.pipe()
    began, child = time.monotonic(), os.fork()
    if child == 0:
        try:
            os.close(read)
            write(kill, month, pipe)
        finally:
            os._exit(1)
    os.close(pipe)
    with os.fdopen(read) as acknowledged:
        if rng.random() < 0.5:
            confirmed.append(int(acknowledged.readline()))
            took = 0.9 * took + 0.1 * (time.monotonic() - began)
        time.sleep(rng.uniform(0, took / 3))
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), "a writer failed before it was killed"
        confirmed += [int(line) for line in acknowledged if line.endswith("\\n")]
    torn += (folder / ".keep/writing.tmp").exists()
    for name in ("standing.json", f"attempts/{month}.json"):
        if (folder / name).exists():
            json.loads((folder / name).read_bytes())
print(json.dumps({"confirmed": confirmed, "torn": torn}))
"""


@posix
@pytest.mark.parametrize(("place", "kills"), [("/dev/shm", 1000), (None, 100)])
def test_a_thousand_kills_lose_nothing_confirmed(place: str | None, kills: int) -> None:
    """After each kill the files are whole; at the end every confirmed attempt is there.

    A file system in memory lets the kills fall between any two steps; on a disk most fall
    into the wait for it.
    """
    place = place if place and os.access(place, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name) / "progress"
        told = json.loads(output(python(KILLS, folder, 20261122, kills)))
        confirmed = told["confirmed"]
        assert len(confirmed) > kills / 10, "the writers were killed before they wrote"
        assert told["torn"] > kills / 200, "no kill came in the middle of a write"
        records = Records(folder)
        found = [attempt.seed for attempt in records.read_attempts()]
        assert len(set(found)) == len(found)
        assert set(confirmed) <= set(found)
        assert (
            records.read_standing(SOFTMAX).attempts
            == sum(records.count_days().values())
            == len(found)
        )
        assert records.warnings == []


@pytest.mark.parametrize("verdict", ["passed", "failed"])
def test_a_crash_between_the_two_files_is_mended(folder: Path, verdict: Verdict) -> None:
    """With the attempt on disk and the standings of before, the attempt counts all the same."""
    records = Records(folder)
    records.record(attempt(1))
    before = (folder / STANDING).read_bytes()
    wanted = records.record(attempt(2, verdict))
    (folder / STANDING).write_bytes(before)
    assert Records(folder).read_standing(SOFTMAX) == wanted
    assert (folder / STANDING).read_bytes() != before
    (folder / STANDING).write_bytes(before)
    assert Records(folder).record(attempt(3)).attempts == 3
    assert Records(folder).count_days() == {"2026-11-22": 3}


def test_lost_standings_are_worked_out_from_the_attempts(folder: Path) -> None:
    """Without standing.json every standing follows from the attempts again."""
    records = Records(folder)
    records.record(attempt(1, "passed"))
    wanted = records.record(attempt(2))
    (folder / STANDING).unlink()
    assert Records(folder).read_standings() == {SOFTMAX: wanted}


# Crowds

CROWD = """
first = int(sys.argv[2])
records = Records(folder)
for number in range(200):
    records.record(attempt(first + number))
print(*records.warnings)
"""


def test_four_processes_recording_at_once_lose_none(folder: Path) -> None:
    """Four times 200 attempts are 800, each once, and a reader always sees whole files."""
    writers = [python(CROWD, folder, 1000 * number) for number in range(4)]
    reader, listed, counted = Records(folder), [0], [0]
    while any(writer.poll() is None for writer in writers):
        listed.append(len(reader.read_attempts()))
        counted.append(reader.read_standing(SOFTMAX).attempts)
        time.sleep(0.05)
    assert [output(writer).strip() for writer in writers] == [""] * 4
    found = [attempt.seed for attempt in reader.read_attempts()]
    assert sorted(found) == [1000 * n + k for n in range(4) for k in range(200)]
    assert reader.read_standing(SOFTMAX).attempts == 800
    for seen in (listed, counted):  # two files: each only grows, one may be a step ahead
        assert len({number for number in seen if 0 < number < 800}) > 2, "nothing read meanwhile"
        assert seen == sorted(seen)
    assert reader.warnings == []


FIRST = """
from grader.learner.records import Records
gate = Path(sys.argv[2])
Records(folder)
print("ready", flush=True)
while not gate.exists():
    pass
Records(folder).record(attempt(int(sys.argv[3])))
"""


def test_the_very_first_records_of_several_processes_are_all_kept(tmp_path: Path) -> None:
    """Four that begin in an empty folder at the same moment do not step on each other."""
    for round in range(8):
        folder, gate = tmp_path / str(round), tmp_path / f"gate-{round}"
        writers = [python(FIRST, folder, gate, number) for number in range(4)]
        for writer in writers:
            assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
        gate.touch()
        assert [output(writer) for writer in writers] == [""] * 4
        assert sorted(attempt.seed for attempt in Records(folder).read_attempts()) == [0, 1, 2, 3]


HOLDER = """
with filelock.FileLock(folder / ".keep/lock"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_lock_held_elsewhere_is_said_after_a_while(folder: Path) -> None:
    """Who cannot get the lock is told where it lies, and gets it once it is free."""
    Records(folder).record(attempt(1))
    command = [sys.executable, "-c", ATTEMPT + HOLDER, str(folder)]
    holder = subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    keep = RecordFiles(folder, patience=0.1)
    with pytest.raises(RecordsError, match=r"lock: another process has locked .* 0\.1 seconds"):
        keep.hold_lock().__enter__()
    assert Records(folder).read_standing(SOFTMAX).attempts == 1
    holder.communicate("\n", timeout=10)
    with keep.hold_lock():
        pass


# Damage

DAMAGE = {
    "empty": b"",
    "blank": b" \n",
    "zeros": bytes(4096),
    "not-json": b"progress: 3\n",
    "not-utf8": b'{"schema": 1, "standing": {"\xff\xfe": {}}}',
    "list": b"[]",
    "number": b"7",
    "no-tables": b'{"schema": 1}',
    "table-is-list": b'{"schema": 1, "standing": [], "attempts": []}',
    "row-is-text": b'{"schema": 1, "standing": {"a/x": "x"}, "attempts": {"a": "x"}}',
    "row-lacks-keys": b'{"schema": 1, "standing": {"a/x": {}}, "attempts": {"a": {}}}',
    "schema-is-text": b'{"schema": "one", "standing": {}, "attempts": {}}',
    "schema-below-0": b'{"schema": -1, "standing": {}, "attempts": {}}',
    "old-and-wrong": b'{"standing": 1, "attempts": 1}',
}


@pytest.fixture
def kept(folder: Path) -> Iterator[Path]:
    """Records of three attempts, one of them a pass, with a hint and a skip."""
    records = Records(folder)
    for seed, verdict in enumerate(("failed", "passed", "failed")):
        records.record(attempt(seed, verdict))  # type: ignore[arg-type]
    records.see_hint("a/y", 2)
    records.skip("a/z")
    yield folder


def damaged(folder: Path, name: str) -> list[Path]:
    """The damaged files kept aside under that name."""
    return sorted((folder / ".keep").glob(f"{Path(name).name}.damaged-2*"))


@pytest.mark.parametrize("name", [STANDING, MONTH])
@pytest.mark.parametrize("damage", [*DAMAGE, "truncated", "half-written-over"])
def test_a_damaged_file_is_restored_and_kept(kept: Path, name: str, damage: str) -> None:
    """Nothing is lost, the damaged bytes stay in a file named by the time, and it is said."""
    path, whole = kept / name, Records(kept)
    wanted = (whole.read_standings(), whole.read_attempts(), whole.count_days())
    good = path.read_bytes()
    with path.open("r+b") as file:
        if damage == "truncated":
            file.truncate(len(good) // 2)
        elif damage == "half-written-over":
            file.write(b"{" * (len(good) // 2))
        else:
            file.truncate(0)
            file.write(DAMAGE[damage])
    bad = path.read_bytes()
    records = Records(kept)
    assert (records.read_standings(), records.read_attempts(), records.count_days()) == wanted
    assert path.read_bytes() == good
    assert [aside.read_bytes() for aside in damaged(kept, name)] == [bad]
    (warning,) = records.warnings
    assert warning.startswith(f"{path}: the file ")
    assert str(damaged(kept, name)[0]) in warning
    assert Records(kept).record(attempt(9)).attempts == 4


@pytest.mark.parametrize("name", [STANDING, MONTH])
def test_a_damaged_file_is_restored_before_a_record(kept: Path, name: str) -> None:
    """Recording on top of damage loses neither the old attempts nor the new one."""
    (kept / name).write_bytes(b"")
    records = Records(kept)
    standing = records.record(attempt(9))
    assert (standing.attempts, standing.passed_day) == (4, "2026-11-22")
    assert [found.seed for found in records.read_attempts()] == [0, 1, 2, 9]
    assert Records(kept).read_standing("a/z").skipped
    assert len(records.warnings) == 1


@pytest.mark.parametrize("name", [STANDING, MONTH])
def test_a_damaged_backup_gives_way_to_the_one_before(kept: Path, name: str) -> None:
    """With file and newest backup damaged the older one is used, and no pass is lost."""
    newest, older = RecordFiles(kept).name_backups(kept / name)
    assert older.exists()
    (kept / name).write_bytes(b"{")
    newest.write_bytes(b"")
    records = Records(kept)
    assert records.read_standing(SOFTMAX).passed_at == "2026-11-22T10:00:01+00:00"
    assert records.read_standing(SOFTMAX).attempts == 3
    assert [found.seed for found in records.read_attempts()][:2] == [0, 1]
    assert str(older) in records.warnings[0]


@pytest.mark.parametrize("name", [STANDING, MONTH])
def test_without_a_whole_backup_nothing_is_touched(kept: Path, name: str) -> None:
    """File and backups all damaged: the error names the file and ways out, and nothing changes."""
    (kept / name).write_bytes(b"{")
    for backup in RecordFiles(kept).name_backups(kept / name):
        backup.write_bytes(b"")
    before = contents(kept)
    records = Records(kept)
    for act in (
        records.read_attempts if name == MONTH else records.read_standings,
        lambda: records.record(attempt(9)),
    ):
        with pytest.raises(RecordsError, match=r"no intact backup .*\(git restore\)") as caught:
            act()
        assert str(kept / name) in str(caught.value)
    assert contents(kept) == before
    (kept / name).rename(kept / "moved-away")
    assert records.record(attempt(9)).attempts == 4


def test_each_damaged_file_is_kept(kept: Path) -> None:
    """Damage met twice within a second leaves two files aside."""
    for bad in (b"{", b"["):
        (kept / STANDING).write_bytes(bad)
        assert Records(kept).read_standing(SOFTMAX).attempts == 3
    assert sorted(path.read_bytes() for path in damaged(kept, STANDING)) == [b"[", b"{"]


def test_a_bom_is_not_damage(kept: Path) -> None:
    """A file saved by an editor that writes a byte order mark is read as it is."""
    path = kept / STANDING
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    records = Records(kept)
    assert records.read_standing(SOFTMAX).attempts == 3
    assert records.warnings == []


# Full disks and closed doors

FULL = """
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
records, seeds = Records(folder), []
try:
    for seed in range(1000):
        records.record(attempt(seed))
        seeds.append(seed)
except RecordsError as error:
    print(error)
print(len(seeds))
"""


@posix
def test_a_full_disk_is_said_and_loses_nothing(folder: Path) -> None:
    """When a file can grow no further the error says so, and all that was confirmed stays."""
    message, count = output(python(FULL, folder, 20_000)).splitlines()
    assert message.startswith(f"{folder / MONTH}: ")
    assert message.endswith("nothing was written. Free some disk space, then try again.")
    assert int(count) > 10
    records = Records(folder)
    assert [found.seed for found in sorted(records.read_attempts(), key=lambda a: a.seed)] == list(
        range(int(count))
    )
    assert records.read_standing(SOFTMAX).attempts == int(count)
    assert not (folder / ".keep/writing.tmp").exists()
    assert records.warnings == []


@posix
def test_a_disk_that_fills_between_the_two_files_keeps_the_attempt(folder: Path) -> None:
    """The attempt is on disk, a warning says that the standings are not, and later they are."""
    many = "[records.see_hint(f'unit/exercise_{n}', 1) for n in range(30)]"
    output(python(f"records = Records(folder); {many}", folder))
    late = """
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
records = Records(folder)
print(records.record(attempt(1)).attempts)
print(*records.warnings)
print(records.read_standing("attention/softmax").attempts)
"""
    given, warning, read = output(python(late, folder)).splitlines()
    assert (given, read) == ("1", "1")
    assert warning.startswith(
        "The attempt was recorded, but progress/standing.json was not updated: "
    )
    records = Records(folder)
    assert records.read_standing(SOFTMAX).attempts == 1
    assert records.read_standing("unit/exercise_29").hints == 1


NOBODY = """
import grader.learner.records.history  # while the library can still be read
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
records = Records(folder)
def told(act):
    try:
        print(act())
    except RecordsError as error:
        print(error)
told(lambda: records.record(attempt(8)).attempts)
told(lambda: records.read_standing("attention/softmax").attempts)
told(lambda: len(records.read_attempts()))
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """Records in a folder that anyone may read, for a process without root's rights."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "progress"
        Records(folder).record(attempt(1))
        Records(folder).record(attempt(2))
        yield folder
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


@posix
def test_a_folder_without_write_permission_is_said(public: Path) -> None:
    """Recording fails with the path and what to do; reading works; nothing changes."""
    for path in (public, *public.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = contents(public)
    refused, standing, count = output(python(NOBODY, public)).splitlines()
    assert refused.startswith(f"{public}/.keep/lock: Permission denied; nothing was written.")
    assert "writable" in refused
    assert (standing, count) == ("2", "2")
    assert contents(public) == before


@posix
def test_standings_out_of_step_are_read_without_write_permission(public: Path) -> None:
    """Where nothing can be mended on disk the standings are still right."""
    (public / STANDING).unlink()
    for path in (public, *public.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert output(python(NOBODY, public)).splitlines()[1:] == ["2", "2"]


@posix
@pytest.mark.parametrize("name", [STANDING, MONTH])
def test_a_read_only_file_is_not_overwritten(public: Path, name: str) -> None:
    """A file that its owner made read-only stays, and the message names it."""
    for path in (public, *public.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (public / name).chmod(0o444)
    before = (public / name).read_bytes()
    said = output(python(NOBODY, public) if name == MONTH else python(SKIP, public))
    assert said.startswith(f"{public / name}: the file is read-only; nothing was written.")
    assert (public / name).read_bytes() == before


SKIP = NOBODY.replace("records.record(attempt(8)).attempts", 'records.skip("a/y")')


@posix
def test_a_file_that_may_not_be_read_is_said(public: Path) -> None:
    """Without the right to read, the message names the file."""
    (public / STANDING).chmod(0)
    said = output(
        python(NOBODY.replace("told(lambda: records.record", "(lambda: records.record"), public)
    )
    assert said.startswith(f"{public / STANDING}: Permission denied;")


@pytest.mark.parametrize("blocked", ["progress", "progress/attempts"])
def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path, blocked: str) -> None:
    """What stands in the way is named and left alone."""
    path = tmp_path / blocked
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    with pytest.raises(RecordsError, match=str(path)):
        Records(tmp_path / "progress").record(attempt(1))
    assert path.read_text() == "mine"


def test_a_folder_in_the_place_of_a_file_is_said(folder: Path) -> None:
    """A directory called standing.json is an error that names it."""
    (folder / STANDING).mkdir(parents=True)
    records = Records(folder)
    for act in (records.read_standings, lambda: records.record(attempt(1))):
        with pytest.raises(RecordsError, match=str(folder / STANDING)):
            act()
