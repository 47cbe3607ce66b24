"""`grade update` as a learner types it, also where the tool itself is replaced and killed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from course_repository import SENTENCE, SOLVED, STUB, CourseRepository, git, read_files

from grader.base.staged_files import FOLDER, PLAN

ROOT = Path(__file__).resolve().parents[2]
Grade = Callable[..., subprocess.CompletedProcess[str]]
KILLED = """
import os, signal, sys
count = 0
def hear(event, values):
    global count
    if event == "os.rename" and str(values[1]).endswith(".py"):
        count += 1
        if count == {number}:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hear)
sys.argv = ["grade", "update", "--yes"]
from grader.__main__ import main
main()
"""
"""The command, killed just before it puts its ``number``-th file in place."""


def run(folder: Path, *words: str, said: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with the tool that is there or else this one."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHONPATH"))}
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        input=said,
        env={**kept, "COLUMNS": "80", **more},
        timeout=120,
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a clone of the first version, while the course has a second."""
    folder = tmp_path_factory.mktemp("published")
    course = CourseRepository(folder)
    course.clone(folder / "clone")
    course.release()
    return folder


@pytest.fixture
def clone(published: Path, tmp_path: Path) -> Path:
    """A clone with a stub at work."""
    clone = Path(shutil.copytree(published / "clone", tmp_path / "clone"))
    shutil.rmtree(clone / "grader")  # so that this tool is run
    (clone / STUB).write_text(SOLVED, "utf-8")
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "Mine")
    (clone / STUB).write_text(f"{SOLVED}\n", "utf-8")
    return clone


@pytest.fixture
def grade(clone: Path) -> Grade:
    """`grade` in the clone."""
    return lambda *words, **more: run(clone, "-m", "grader.cli.main", *words, **more)


def test_check_only_says_what_would_come(clone: Path, grade: Grade) -> None:
    """`--check` names what is new and what is kept, and changes nothing."""
    before, head = read_files(clone), git(clone, "rev-parse", "HEAD")
    done = grade("update", "--check")
    assert done.returncode == 0 and done.stderr == ""
    assert re.match(
        r"The course has 1 new commit, up to [0-9a-f]{7} of \d{4}-\d\d-\d\d\.", done.stdout
    )
    assert f"numbers/double\n    + {SENTENCE}" in done.stdout
    assert "Nothing was changed: this was a check." in done.stdout
    assert read_files(clone) == before and git(clone, "rev-parse", "HEAD") == head
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_it_asks_once_and_then_updates(clone: Path, grade: Grade) -> None:
    """Without an answer, or with no, nothing happens; with yes it says what was done."""
    before = read_files(clone)
    for said, code, words in [
        ("n\n", 0, "Nothing was changed."),
        ("", 2, "In a script add --yes"),
    ]:
        done = grade("update", said=said)
        assert done.returncode == code and words in done.stdout + done.stderr
        assert read_files(clone) == before
    done = grade("update", said="y\n")
    assert done.returncode == 0 and done.stdout.count("Update? [y/N]") == 1
    assert f"Yours, committed first: 1\n  {STUB}" in done.stdout
    assert "Undo  git reset --keep" in done.stdout and "Next  git push" in done.stdout
    assert (clone / STUB).read_text("utf-8") == f"{SOLVED}\n"
    done = grade("update")
    assert done.returncode == 0 and done.stdout.startswith("Nothing new: you have the newest")


def test_json_is_one_object(clone: Path, grade: Grade) -> None:
    """`--json` prints the report, before and after the update, and cannot ask."""
    refused = grade("update", "--json")
    assert refused.returncode == 2 and refused.stdout == "" and "--yes" in refused.stderr
    for words, made in [(["--check"], False), (["--yes"], True)]:
        found = json.loads(grade("update", "--json", *words).stdout)
        assert (found["schema"], found["made"]) == (1, made)
        assert found["update"]["kept"] == [STUB]
        assert found["update"]["news"] == [
            {"exercise": "numbers/double", "stale": False, "sentences": [SENTENCE]}
        ]
    assert json.loads(grade("update", "--json", "--yes").stdout)["update"] is None


def test_a_refusal_is_one_message(clone: Path, grade: Grade) -> None:
    """What cannot be done is said in words, with exit code 2 and no traceback."""
    git(clone, "remote", "set-url", "upstream", "https://localhost:1/course.git")
    done = grade("update", "--yes")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("The course could not be fetched from https://localhost:1/")
    assert "Traceback" not in done.stderr


def test_doctor_and_check_name_an_interrupted_update(clone: Path, grade: Grade) -> None:
    """While an update is not finished `grade doctor` lists it, and `--check` does not go on."""
    plan = clone / FOLDER / PLAN
    plan.parent.mkdir(parents=True)
    plan.write_text('{"schema": 1, "changes": [], "state": {"branch": "", "head": ""}}', "utf-8")
    assert "an update of the course was interrupted. Run: grade update" in re.sub(
        r"\s+", " ", grade("doctor").stdout
    )
    done = grade("update", "--check")
    assert done.returncode == 2 and "Run grade update, which finishes it." in done.stderr
    assert "git push" in grade("update", "--yes").stdout and not plan.exists()


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with the tool, of which the second version renames a module and a function."""
    folder = tmp_path_factory.mktemp("tools")
    course = CourseRepository(folder)
    shutil.rmtree(course.author / "grader")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "grader", course.author / "grader", ignore=ignored)
    course.commit("The tool")
    course.clone(folder / "clone")
    for file in (course.author / "grader").rglob("*.py"):
        text = file.read_text("utf-8")
        text = text.replace("grader.base.errors", "grader.base.failures")
        file.write_text(text.replace("explain_os_error", "explain_disk_error"), "utf-8")
    errors = course.author / "grader" / "base" / "errors.py"
    errors.rename(errors.with_name("failures.py"))
    course.commit("Another name")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills a process by a signal")
@pytest.mark.parametrize("number", [25, 35])
def test_a_tool_of_two_versions_completes_itself(tools: Path, tmp_path: Path, number: int) -> None:
    """Killed between two modules that do not load together, any command starts again."""
    clone = Path(shutil.copytree(tools / "clone", tmp_path / "clone"))
    (clone / STUB).write_text(SOLVED, "utf-8")
    killed = run(clone, "-c", KILLED.format(number=number))
    assert killed.returncode == -9
    broken = run(clone, "-c", "import grader.cli.main, grader.cli.commands.update")
    assert "ImportError: cannot import name 'explain_os_error'" in broken.stderr
    done = run(clone, "-m", "grader", "next")
    assert done.returncode == 0, done.stderr
    assert "An update of the course was interrupted. Run: grade update" in done.stderr
    done = run(clone, "-m", "grader", "update", "--yes")
    assert done.returncode == 0, done.stderr
    assert "An update that was interrupted has been finished." in done.stdout
    assert git(clone, "status", "--porcelain") == ""
    assert (clone / STUB).read_text("utf-8") == SOLVED
    assert not (clone / "grader/base/errors.py").exists()
