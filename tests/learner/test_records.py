"""The records as a learner's tools use them: what goes in comes out, and git can hold it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

import grader
from grader.base.errors import RecordsError
from grader.grading.outcome import Attempt, Standing, Status, Verdict
from grader.learner.records import Records
from grader.learner.records.months import FULL
from grader.learner.records.rows import MonthCount
from grader.learner.records.schemas import Schema

ROOT = Path(grader.__file__).parents[1]
SOFTMAX = "attention/softmax"


def attempt(
    seed: int = 0, verdict: Verdict = "failed", exercise: str = SOFTMAX, day: str = "2026-11-22"
) -> Attempt:
    """An attempt of that day; ``seed`` tells one from another and sets the second."""
    checks: dict[str, Status] = {"test_shape": "passed", "test_edges": "failed"}
    at = f"{day}T10:{seed // 60 % 60:02d}:{seed % 60:02d}+00:00"
    return Attempt(exercise, verdict, checks, seed, 0.25, "f" * 64, "c" * 64, at, day)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the records go; it does not exist yet."""
    return tmp_path / "progress"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# What goes in comes out


def test_a_mistake_found_later_is_added_to_its_attempt(folder: Path) -> None:
    """The attempt, its standing and the counted sizes change; a newer attempt keeps its own."""
    records = Records(folder)
    first, second = attempt(1), attempt(2)
    for one in (first, second):
        records.record(one)
    records.explain(first, "no_shift")
    assert records.read_standing(SOFTMAX).mistake is None
    records.explain(second, "no_sum")
    records.explain(attempt(3), "never_recorded")
    fresh = Records(folder)
    assert [one.mistake for one in fresh.read_attempts()] == ["no_shift", "no_sum"]
    assert (fresh.read_standing(SOFTMAX).mistake, fresh.read_standing(SOFTMAX).attempts) == (
        "no_sum",
        2,
    )
    before = contents(folder)
    Records(folder).read_standings()
    assert contents(folder) == before and not fresh.warnings  # nothing had to be counted again


def test_reading_creates_nothing(folder: Path) -> None:
    """Before the first write there are no records, no folder, and no error."""
    records = Records(folder)
    assert (records.read_standings(), records.read_attempts(), records.count_days()) == ({}, [], {})
    assert records.read_standing(SOFTMAX) == Standing(SOFTMAX)
    assert not folder.exists()


def test_an_attempt_comes_back_as_it_was(folder: Path) -> None:
    """Every field of an attempt survives, read by another Records."""
    given = replace(
        attempt(7),
        hints=2,
        revealed=True,
        mistake="é — 你好",
        checks={"test_a": "timeout", "test_b": "crashed", "test_c": "memory", "test_d": "blocked"},
    )
    Records(folder).record(given)
    assert Records(folder).read_attempts() == [given]


def test_a_standing_sums_up_the_attempts(folder: Path) -> None:
    """Count, first and last times, latest verdict, first pass and latest checks are kept."""
    records = Records(folder)
    records.record(replace(attempt(1), mistake="divides_by_d_k", hints=1))
    records.record(attempt(2, "passed"))
    records.record(replace(attempt(3, "passed"), checks_hash="d" * 64))
    last = records.record(replace(attempt(4), mistake="no_scale"))
    assert last == Standing(
        SOFTMAX,
        attempts=4,
        first_attempt_at="2026-11-22T10:00:01+00:00",
        last_attempt_at="2026-11-22T10:00:04+00:00",
        last_verdict="failed",
        passed_at="2026-11-22T10:00:02+00:00",
        passed_day="2026-11-22",
        passed_checks_hash="d" * 64,
        mistake="no_scale",
        hints=1,
    )
    assert Records(folder).read_standings() == {SOFTMAX: last}


def test_attempts_are_found_by_exercise_and_by_day(folder: Path) -> None:
    """Attempts come in order of time, narrowed to an exercise, a local day, or both."""
    records = Records(folder)
    for seed, (exercise, day) in enumerate(
        [("a/x", "2026-12-01"), ("a/y", "2026-11-30"), ("a/x", "2026-11-30"), ("a/x", "2026-11-30")]
    ):
        records.record(attempt(seed, exercise=exercise, day=day))
    seeds = [found.seed for found in records.read_attempts()]
    assert seeds == [1, 2, 3, 0]
    assert [found.seed for found in records.read_attempts("a/x")] == [2, 3, 0]
    assert [found.seed for found in records.read_attempts(day="2026-11-30")] == [1, 2, 3]
    assert [found.seed for found in records.read_attempts("a/y", "2026-11-30")] == [1]
    assert records.read_attempts("a/z") == records.read_attempts(day="2026-11-3") == []
    assert records.count_days() == {"2026-11-30": 3, "2026-12-01": 1}


def test_attempts_of_one_second_keep_their_order(folder: Path) -> None:
    """Twelve attempts within a second come back as they were recorded."""
    records = Records(folder)
    for seed in range(12):
        records.record(replace(attempt(seed), at="2026-11-22T10:00:00+00:00"))
    assert [found.seed for found in records.read_attempts()] == list(range(12))


def test_the_local_day_names_the_month(folder: Path) -> None:
    """An attempt early on 1 December in Tokyo is November in UTC and December for the learner."""
    at = "2026-11-30T16:00:00+00:00"
    Records(folder).record(replace(attempt(day="2026-12-01"), at=at))
    assert [path.name for path in (folder / "attempts").iterdir()] == ["2026-12.json"]
    assert Records(folder).count_days() == {"2026-12-01": 1}


def test_hints_solution_and_skip_are_marked(folder: Path) -> None:
    """The highest hint stays, a reveal stays, and a skip can be taken back."""
    records = Records(folder)
    assert records.see_hint(SOFTMAX, 2) == Standing(SOFTMAX, hints=2)
    assert records.see_hint(SOFTMAX, 1) == Standing(SOFTMAX, hints=2)
    assert records.reveal(SOFTMAX) == Standing(SOFTMAX, hints=2, revealed=True)
    assert records.skip(SOFTMAX).skipped
    assert not records.skip(SOFTMAX, False).skipped
    assert Records(folder).read_standing(SOFTMAX) == Standing(SOFTMAX, hints=2, revealed=True)


def test_a_pass_ends_a_skip(folder: Path) -> None:
    """Failing a skipped exercise leaves it skipped; passing it does not."""
    records = Records(folder)
    records.skip(SOFTMAX)
    assert records.record(attempt(1)).skipped
    assert not records.record(attempt(2, "passed")).skipped


def test_a_mark_leaves_the_attempts_alone(folder: Path) -> None:
    """A hint seen after attempts changes no count and no time."""
    records = Records(folder)
    standing = records.record(attempt(1, "passed"))
    assert records.see_hint(SOFTMAX, 3) == replace(standing, hints=3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "20261122"},
        {"day": "2026-02-30"},
        {"day": "../../etc"},
        {"at": "2026-11-22T10:00:00"},
        {"at": "yesterday"},
        {"seconds": float("nan")},
        {"seconds": "0.2"},
        {"seed": 2**70},
        {"mistake": "\ud800"},
        {"checks": {"test_a": "fine"}},
    ],
)
def test_an_attempt_that_could_not_be_read_back_is_refused(
    folder: Path, wrong: dict[str, object]
) -> None:
    """A value that does not fit is refused before anything of the records changes."""
    records = Records(folder)
    records.record(attempt(1))
    before = contents(folder)
    with pytest.raises(RecordsError, match="report it"):
        records.record(replace(attempt(2), **wrong))  # type: ignore[arg-type]
    assert contents(folder) == before


# As files


def test_files_are_sorted_indented_text(folder: Path) -> None:
    """Both files are JSON with sorted keys, two spaces, and a newline at the end."""
    Records(folder).record(replace(attempt(1), mistake="é"))
    for name in ("standing.json", "attempts/2026-11.json"):
        text = (folder / name).read_text("utf-8")
        document = json.loads(text)
        again = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        assert text == again
        assert document["schema"] == 1


def test_git_sees_the_records_and_nothing_else(folder: Path) -> None:
    """Lock, backups and temporary files lie where git does not look."""
    Records(folder).record(attempt(1))
    Records(folder).record(attempt(2))
    git(folder.parent, "init", "-q")
    seen = git(folder.parent, "status", "--porcelain", "--untracked-files=all")
    assert seen.split("\n")[:-1] == [
        "?? progress/attempts/2026-11.json",
        "?? progress/standing.json",
    ]


def test_a_new_attempt_adds_lines_and_changes_none(folder: Path) -> None:
    """Git's diff of a month shows the new attempt alone."""
    records = Records(folder)
    records.record(attempt(1))
    before = (folder / "attempts/2026-11.json").read_text().splitlines()
    records.record(attempt(2))
    after = (folder / "attempts/2026-11.json").read_text().splitlines()
    at = next(n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new)
    assert before[at].rstrip(",") == after[at].rstrip(",") == "    }"
    assert after[-len(before[at + 1 :]) :] == before[at + 1 :]


def test_two_clones_merged_by_git_lose_nothing(tmp_path: Path) -> None:
    """Attempts, passes and hints of two machines are all there after a merge with conflicts."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    git(one, "init", "-q", "-b", "main")
    Records(one / "progress").record(attempt(1))
    commit(one)
    git(tmp_path, "clone", "-q", str(one), str(two))
    Records(one / "progress").record(attempt(2, "passed"))
    Records(one / "progress").see_hint("a/y", 2)
    Records(two / "progress").record(attempt(2))
    Records(two / "progress").record(attempt(3, exercise="a/y"))
    commit(one)
    commit(two)
    git(two, "pull", "-q", "--no-rebase", check=False)
    assert "<<<<<<<" in (two / "progress/attempts/2026-11.json").read_text()
    records = Records(two / "progress")
    assert [found.seed for found in records.read_attempts()] == [1, 2, 2, 3]
    standings = records.read_standings()
    assert standings[SOFTMAX].attempts == 3
    assert standings[SOFTMAX].passed_at == "2026-11-22T10:00:02+00:00"
    assert (standings["a/y"].attempts, standings["a/y"].hints) == (1, 2)
    assert sum("git's conflict" in warning for warning in records.warnings) == 2
    assert records.count_days() == {"2026-11-22": 4}
    assert git(two, "diff", "--check").count("conflict") == 0


def test_attempts_that_git_brings_are_counted(tmp_path: Path) -> None:
    """A month's file from another machine changes the standings without a word to anyone."""
    one, two = Records(tmp_path / "one"), Records(tmp_path / "two")
    one.record(attempt(1))
    two.record(attempt(2, "passed", day="2026-10-05"))
    month = "attempts/2026-10.json"
    (one.folder / month).write_bytes((two.folder / month).read_bytes())
    assert one.read_standing(SOFTMAX).attempts == 2
    assert one.read_standing(SOFTMAX).passed_day == "2026-10-05"
    assert one.count_days() == {"2026-10-05": 1, "2026-11-22": 1}
    assert one.warnings == []


def test_a_pass_outlives_the_attempts(folder: Path) -> None:
    """Whoever deletes a month of attempts keeps the pass, and its count."""
    records = Records(folder)
    records.record(attempt(1, "passed", day="2026-10-05"))
    passed = records.read_standing(SOFTMAX)
    (folder / "attempts/2026-10.json").unlink()
    assert records.read_standing(SOFTMAX) == passed
    again = records.record(attempt(2))
    assert (again.attempts, again.passed_at) == (2, passed.passed_at)


# Schemas


def _second(document: dict[str, object]) -> dict[str, object]:
    return {"months": document["monate"]}


def _third(document: dict[str, dict[str, dict[str, int]]]) -> dict[str, object]:
    return {"months": {key: {"size": row["bytes"]} for key, row in document["months"].items()}}


THREE = Schema({"months": MonthCount}, (lambda document: document, _second, _third))


@pytest.mark.parametrize(
    ("document", "schema"),
    [
        ({"monate": {"2026-11": {"bytes": 5}}}, 0),
        ({"schema": 1, "monate": {"2026-11": {"bytes": 5}}}, 1),
        ({"schema": 2, "months": {"2026-11": {"bytes": 5}}}, 2),
        ({"schema": 3, "months": {"2026-11": {"size": 5}}}, 3),
    ],
)
def test_an_older_document_is_brought_up_step_by_step(
    document: dict[str, object], schema: int
) -> None:
    """From each schema only the steps that are missing run, in order."""
    tables, found = THREE.decode(orjson.dumps(document))
    assert tables == {"months": {"2026-11": {"size": 5}}}
    assert found == schema
    assert orjson.loads(THREE.encode(tables))["schema"] == 3


@pytest.mark.parametrize("name", ["standing.json", "attempts/2026-11.json"])
def test_a_file_without_a_schema_is_migrated_and_kept(folder: Path, name: str) -> None:
    """It is read as it is, written with today's schema, and its old text stays aside."""
    Records(folder).record(attempt(1, "passed"))
    document = orjson.loads((folder / name).read_bytes())
    del document["schema"]
    old = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    (folder / name).write_bytes(old)
    records = Records(folder)
    assert records.read_standing(SOFTMAX).passed_at is not None
    assert records.record(attempt(2)).attempts == 2
    assert [found.seed for found in records.read_attempts()] == [1, 2]
    assert orjson.loads((folder / name).read_bytes())["schema"] == 1
    (aside,) = (folder / ".keep").glob(f"{Path(name).name}.schema-0-*")
    assert aside.read_bytes() == old


@pytest.mark.parametrize("name", ["standing.json", "attempts/2026-11.json"])
def test_a_newer_schema_is_refused_and_left_as_it_is(folder: Path, name: str) -> None:
    """Every command says which file is newer and what to do, and changes nothing."""
    Records(folder).record(attempt(1))
    document = orjson.loads((folder / name).read_bytes())
    (folder / name).write_bytes(orjson.dumps({**document, "schema": 7}))
    before = contents(folder)
    records = Records(folder)
    acts = [records.read_standings, records.count_days, records.read_attempts]
    acts += [lambda: records.record(attempt(2)), lambda: records.skip(SOFTMAX)]
    refused = 0
    for act in acts:
        try:
            act()
        except RecordsError as error:
            assert name in str(error)
            assert "has schema 7" in str(error)
            assert "Update Groundwork" in str(error)
            refused += 1
    assert refused >= 4
    assert contents(folder) == before


# Weight


def test_importing_the_records_is_light() -> None:
    """Neither torch nor pytest nor pydantic is loaded, nor asyncio for a lock not yet needed."""
    code = "import grader.learner.records, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    loaded = set(run.stdout.split())
    assert "grader.learner.records" in loaded
    assert not loaded & {"torch", "numpy", "pytest", "pydantic", "asyncio", "filelock"}


def test_the_cost_of_a_record_does_not_grow_with_history(tmp_path: Path) -> None:
    """After 20,000 attempts, long ago or this month, a record writes as much as after 500."""
    few = cost(tmp_path / "few", months=1, parts=5)
    many = cost(tmp_path / "many", months=40, parts=5)
    busy = cost(tmp_path / "busy", months=1, parts=200)
    assert few["reading"] == many["reading"] == busy["reading"] == ["standing.json"]
    assert few["files"] == many["files"] == [name.replace(".200", ".5") for name in busy["files"]]
    assert few["bytes"] > 50_000
    assert many["bytes"] < 1.15 * few["bytes"] and busy["bytes"] < 1.15 * few["bytes"]


def test_a_full_file_is_followed_by_another(folder: Path) -> None:
    """No file of a month grows far beyond its limit, and the attempts stay in order of time."""
    records, number = Records(folder), 0
    checks: dict[str, Status] = dict.fromkeys((f"test_claim_{n:03d}" for n in range(200)), "passed")
    large = replace(attempt(), checks=checks, at="2026-11-22T10:00:00+00:00")
    while not (folder / "attempts/2026-11.3.json").exists():
        records.record(replace(large, seed=number))
        number += 1
    sizes = [path.stat().st_size for path in (folder / "attempts").iterdir()]
    assert max(sizes) < FULL + 12_000
    assert [attempt.seed for attempt in Records(folder).read_attempts()] == [*range(number)]
    (folder / "standing.json").unlink()
    assert Records(folder).read_standing(SOFTMAX).attempts == number
    assert Records(folder).count_days() == {"2026-11-22": number}


COST = """
import sys
from pathlib import Path
from test_records import attempt
from grader.learner.records import Records
folder, opened = Path(sys.argv[1]), []
records = Records(folder)
assert records.read_standing("attention/softmax").attempts == int(sys.argv[2])
records.record(attempt(0))
def watch(event, arguments):
    if event == "open" and str(arguments[0]).startswith(str(folder)):
        opened.append(Path(arguments[0]).relative_to(folder).as_posix())
sys.addaudithook(watch)
records.record(attempt(1))
files, size = list(opened), sum((folder / name).stat().st_size for name in set(opened)
    if (folder / name).is_file())
opened.clear()
records.read_standing("attention/softmax")
import json
print(json.dumps({"files": files, "bytes": size, "reading": opened}))
"""


def cost(folder: Path, months: int, parts: int) -> dict[str, Any]:
    """What one record opens after months up to 2026-11, each of so many files of 100 attempts."""
    (folder / "attempts").mkdir(parents=True)
    for back in range(months):
        year, month = divmod(2026 * 12 + 10 - back, 12)
        name = f"{year}-{month + 1:02d}"
        Records(folder / "one").record(attempt(0, day=f"{name}-05"))
        (row,) = orjson.loads((folder / f"one/attempts/{name}.json").read_bytes())[
            "attempts"
        ].values()
        stamp = f"{name.replace('-', '')}05T100000Z"
        for part in range(parts):
            keys = (f"{stamp}-{100 * part + number:05d}-00000000" for number in range(100))
            table = {"schema": 1, "attempts": dict.fromkeys(keys, row)}
            path = folder / "attempts" / (f"{name}.{part + 1}.json" if part else f"{name}.json")
            path.write_bytes(orjson.dumps(table, option=orjson.OPT_INDENT_2))
    run = subprocess.run(
        [sys.executable, "-c", COST, str(folder), str(100 * parts * months)],
        env={"PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    """Run git as nobody in particular."""
    who = ("-c", "user.name=A Learner", "-c", "user.email=learner@example.org")
    run = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0 or not check, run.stderr
    return run.stdout


def commit(folder: Path) -> None:
    """Commit everything in the folder."""
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "a day")
