"""Commands without a name take the exercise that ``grade`` would grade."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from grade_command import lay_workspace, run_grade

from grader.base.paths import Workspace
from grader.cli.console.editor import find_editor, make_command, name_program
from grader.course.loader.loading import load

ROOT = Path(__file__).resolve().parents[2]
EXERCISE = list(load(Workspace(ROOT)).iterate_exercises())[3]
NEXT = EXERCISE.id


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three passes, whose next exercise is ``NEXT``."""
    return lay_workspace(tmp_path_factory.mktemp("hand"))


@pytest.fixture
def root(laid: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(laid, tmp_path / "own", symlinks=True))


@pytest.mark.slow
def test_a_hint_without_a_name_is_for_the_next_exercise(root: Path) -> None:
    """It says which exercise it is for, and counts as that one's hint."""
    done = run_grade(root, "hint")
    assert done.stdout.startswith(f"{NEXT}  {EXERCISE.title}\n1  ")
    assert run_grade(root, "hint", NEXT).stdout.startswith("1  ")
    assert run_grade(root, "hint").stdout.count("\n3  ") == 1


@pytest.mark.slow
def test_a_reset_without_a_name_asks_and_says_which_file(root: Path) -> None:
    """No answer and no change nothing; a yes, or ``--yes``, puts the stub in place."""
    path = root / "exercises" / f"{NEXT}.py"
    stub = path.read_text("utf-8")
    path.write_text("mine = 1\n", "utf-8")
    asked = run_grade(root, "reset", typed="n\n")
    assert f"Replace exercises/{NEXT}.py with a fresh stub?" in asked.stdout
    assert "Nothing was reset." in asked.stdout
    silent = run_grade(root, "reset")
    assert silent.returncode == 2 and f"grade reset {NEXT}" in silent.stderr
    assert path.read_text("utf-8") == "mine = 1\n"
    assert "kept as progress/aside/" in run_grade(root, "reset", typed="y\n").stdout
    assert path.read_text("utf-8") == stub
    path.write_text("mine = 2\n", "utf-8")
    assert run_grade(root, "reset", "--yes").returncode == 0
    assert path.read_text("utf-8") == stub


def test_a_solution_without_a_name_asks_for_the_next_exercise(root: Path) -> None:
    """The question names it, and a no shows nothing."""
    done = run_grade(root, "solution", typed="n\n")
    assert f"{NEXT} is not passed yet." in done.stdout and "def " not in done.stdout


@pytest.mark.slow
def test_a_skip_without_a_name_is_undone_without_one(root: Path) -> None:
    """The next exercise is left; ``--undo`` finds the one that is skipped."""
    assert f"{NEXT} is skipped" in run_grade(root, "skip").stdout
    assert f"{NEXT} is no longer skipped" in run_grade(root, "skip", "--undo").stdout
    assert "no exercise is skipped" in run_grade(root, "skip", "--undo").stderr
    run_grade(root, "skip")
    run_grade(root, "skip")
    both = run_grade(root, "skip", "--undo")
    assert both.returncode == 2 and "2 exercises are skipped; name one" in both.stderr


def test_open_gives_the_editor_the_line_to_write(root: Path) -> None:
    """The path with its line is printed, and the editor gets both in its own form."""
    record = root / "record"
    editor = root / "vim"
    editor.write_text(f'#!/bin/sh\necho "$@" > {record}\n', "utf-8")
    editor.chmod(0o755)
    done = run_grade(root, "open", VISUAL=str(editor))
    path = root / "exercises" / f"{NEXT}.py"
    line = next(
        number
        for number, text in enumerate(path.read_text("utf-8").splitlines(), 1)
        if text.startswith((f"def {EXERCISE.names[0]}(", f"class {EXERCISE.names[0]}("))
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"exercises/{NEXT}.py:{line}\n"
    assert record.read_text("utf-8") == f"+{line} {path}\n"
    run_grade(root, "open", "softmax", "--lesson", VISUAL=str(editor))
    assert record.read_text("utf-8").endswith("curriculum/attention/softmax.md\n")


@pytest.mark.slow
def test_an_editor_that_fails_is_said_with_the_file(root: Path) -> None:
    """No editor, one that is not there and one that fails: words, exit code 2 and the path."""
    path = f"exercises/{NEXT}.py"
    for more in ({"VISUAL": "/no/such/editor"}, {"EDITOR": "false"}, {"PATH": ""}):
        done = run_grade(root, "open", **more)
        assert done.returncode == 2 and path in done.stderr and "Traceback" not in done.stderr
    (root / path).unlink()
    assert f"grade reset {NEXT}" in run_grade(root, "open", VISUAL="true").stderr


@pytest.mark.parametrize(
    ("editor", "arguments"),
    [
        ("nvim", ["+7", "x.py"]),
        ("/usr/bin/vim.basic", ["+7", "x.py"]),
        ("emacs-29.1", ["+7", "x.py"]),
        ("code", ["--goto", "x.py:7"]),
        ("pycharm64.exe", ["--line", "7", "x.py"]),
        ("subl", ["x.py:7"]),
        ("hx", ["x.py:7"]),
        ("kate", ["-l", "7", "x.py"]),
        ("ed", ["x.py"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(editor: str, arguments: list[str]) -> None:
    """An unknown editor gets the file alone."""
    assert make_command([editor], Path("x.py"), 7, wait=False) == [editor, *arguments]


def test_an_editor_with_windows_waits_where_the_file_is_looked_at_after() -> None:
    """``--wait`` is added once, and only when it is wanted."""
    waiting = make_command(["code", "--wait"], Path("x"), None, wait=True)
    assert waiting == ["code", "--wait", "x"]
    assert make_command(["code"], Path("x"), None, wait=True) == ["code", "--wait", "x"]
    assert make_command(["vim"], Path("x"), None, wait=True) == ["vim", "x"]
    assert name_program(r"C:\Tools\notepad++.exe") == "notepad++"


def test_the_editor_is_the_one_that_the_learner_named(tmp_path: Path) -> None:
    """VISUAL comes before EDITOR, then the editor around the terminal, then what is installed."""
    for name in ("code", "nano"):
        (tmp_path / name).write_text("#!/bin/sh\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    path = {"PATH": str(tmp_path)}
    assert find_editor({**path, "VISUAL": "a -b 'c d'", "EDITOR": "e"}) == ["a", "-b", "c d"]
    assert find_editor({**path, "EDITOR": "e"}) == ["e"]
    assert find_editor({**path, "TERM_PROGRAM": "vscode"}) == [str(tmp_path / "code")]
    assert find_editor(path) == [str(tmp_path / "nano")]
    assert find_editor({"PATH": ""}) is None


def test_a_word_of_several_names_suggests_all_of_them(root: Path) -> None:
    """``grade bpe`` names the four exercises about byte-pair encoding."""
    said = run_grade(root, "bpe").stderr
    names = ["bpe_train", "bpe_encode", "bpe_decode", "bpe_fast"]
    assert [name for name in names if f"tokenizer/{name}" in said] == names


@pytest.mark.slow
def test_help_explains_an_exercise_a_term_a_unit_and_a_command(root: Path) -> None:
    """A name that is several of these is explained as each; an unknown one is searched for."""
    softmax = run_grade(root, "help", "softmax").stdout
    assert "Turns numbers into probabilities" in softmax
    assert "Turn logits of any size" in softmax and "Without torch.softmax" in softmax
    assert "key-value cache" in run_grade(root, "help", "KV", "cache").stdout
    assert "attention/flash" in run_grade(root, "help", "attention").stdout
    assert "--undo" in run_grade(root, "help", "skip").stdout
    assert "--least" in run_grade(root, "help", "author", "mutate").stdout
    assert run_grade(root, "help").stdout == run_grade(root, "--help").stdout
    unknown = run_grade(root, "help", "xyzzy")
    assert unknown.returncode == 2 and "grade search xyzzy" in unknown.stderr
    assert "tokenizer/bpe_encode" in run_grade(root, "help", "encod").stderr


@pytest.mark.slow
def test_yesterday_is_a_day_and_a_day_to_come_is_asked_about(root: Path) -> None:
    """A line for a day to come is only written after a yes or with ``--yes``."""
    log = root / "docs" / "log"
    before = {path.name for path in log.iterdir()}
    assert run_grade(root, "log", "late", "--date", "yesterday").returncode == 0
    (written,) = {path.name for path in log.glob("*.md")} - before
    day = date.fromisoformat(written.removesuffix(".md"))
    assert date.today() - day <= timedelta(days=2)
    future = ("log", "soon", "--date", "2199-01-02")
    refused = run_grade(root, *future, typed="n\n")
    assert "Wednesday, 2 January 2199" in refused.stdout and "Nothing was logged" in refused.stdout
    assert run_grade(root, *future).returncode == 2
    assert not (log / "2199-01-02.md").exists()
    assert run_grade(root, *future, "--yes").returncode == 0
    assert "- soon" in (log / "2199-01-02.md").read_text("utf-8")


@pytest.mark.slow
def test_a_search_finds_each_kind_of_text_with_its_line(root: Path) -> None:
    """Exercise, lesson, term, card, reading, note and log: the line holds the word."""
    (root / "docs" / "notes" / "frobnication.md").write_text(
        "# Of frobnication\n\nA line.\n\nIt is frobnicated here.\n", "utf-8"
    )
    run_grade(root, "log", "frobnication today")
    run_grade(root, "read", "https://frob.example/x", "On frobnication")
    done = json.loads(run_grade(root, "search", "FROBNICATION", "--json").stdout)
    assert {hit["kind"] for hit in done["results"]} == {"note", "log", "reading"}
    hits = json.loads(run_grade(root, "search", "query", "--json").stdout)["results"]
    kinds = {hit["kind"] for hit in hits}
    assert kinds >= {"exercise", "lesson", "term", "card", "reading"}
    assert (hits[0]["kind"], hits[0]["name"]) == ("term", "query")
    for hit in hits:
        line = (root / hit["where"]).read_text("utf-8").splitlines()[hit["line"] - 1]
        assert hit["kind"] in ("exercise", "lesson", "term", "reading") or hit["text"] in line
    assert not [hit for hit in hits if hit["where"].startswith("solutions/")]
    shown = run_grade(root, "search", "rotary").stdout
    assert "curriculum/embeddings/rope.md:1  lesson" in shown
    assert "Nothing contains all of" in run_grade(root, "search", "rotary", "xyzzy").stdout
