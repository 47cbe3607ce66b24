"""The files for VS Code and for a development container: what they name exists and runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from grader.base.paths import Workspace
from grader.course.loader.loading import load

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*(ROOT / ".vscode").glob("*.json"), *(ROOT / ".devcontainer").glob("*.json")])
EXERCISE = "attention/softmax"


def read_json(path: Path) -> dict[str, Any]:
    """A file of settings as data."""
    data = json.loads(path.read_text("utf-8"))
    assert isinstance(data, dict)
    return data


TASKS = read_json(ROOT / ".vscode" / "tasks.json")["tasks"]
LAUNCHES = read_json(ROOT / ".vscode" / "launch.json")["configurations"]
CONTAINER = read_json(ROOT / ".devcontainer" / "devcontainer.json")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone as far as the commands need it, every exercise a stub."""
    root = tmp_path_factory.mktemp("editor") / "clone"
    for name in ("curriculum", "solutions", "exercises"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / "grader").symlink_to(ROOT / "grader")
    return root


def fill_in(words: list[str], clone: Path, file: Path) -> list[str]:
    """The words with VS Code's variables replaced, as when ``file`` is open in the editor."""
    values = {
        "command:python.interpreterPath": sys.executable,
        "workspaceFolder": str(clone),
        "file": str(file),
        "fileDirnameBasename": file.parent.name,
        "fileBasenameNoExtension": file.stem,
    }
    return [re.sub(r"\$\{([^}]+)\}", lambda found: values[found[1]], word) for word in words]


def run(words: list[str], clone: Path) -> subprocess.CompletedProcess[str]:
    """A command's result in the clone, on a terminal of 100 columns."""
    return subprocess.run(
        words,
        cwd=clone,
        env={**os.environ, "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )


def run_task(label: str, clone: Path) -> list[str]:
    """The command line of a task while the exercise is open in the editor."""
    (task,) = [task for task in TASKS if task["label"] == label]
    assert task["type"] == "process" and task["options"] == {"cwd": "${workspaceFolder}"}
    return fill_in([task["command"], *task["args"]], clone, clone / f"exercises/{EXERCISE}.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_plain_json(path: Path) -> None:
    """No comment and no trailing comma, so that other tools read them too."""
    assert read_json(path)


def test_the_task_grade_grades_the_next_exercise(clone: Path) -> None:
    """In a fresh clone it says which file to open."""
    first = next(load(Workspace(clone)).iterate_exercises())
    done = run(run_task("grade", clone), clone)
    assert f"exercises/{first.id}.py" in done.stdout, done.stderr


def test_the_task_for_a_file_grades_that_one(clone: Path) -> None:
    """The file that is open in the editor, by its absolute path."""
    done = run(run_task("grade this file", clone), clone)
    assert f"exercises/{EXERCISE}.py" in done.stdout, done.stderr


@pytest.mark.slow
def test_the_task_watch_watches(clone: Path) -> None:
    """It says that it watches, and runs until it is ended."""
    words = run_task("grade watch", clone)
    with subprocess.Popen(
        words, cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as watching:
        try:
            assert watching.stdout is not None
            assert watching.stdout.readline().strip()
            time.sleep(1)
            assert watching.poll() is None
        finally:
            watching.terminate()


@pytest.mark.slow
def test_the_test_view_collects_the_checks(clone: Path) -> None:
    """The settings for pytest name the curriculum, whose checks are all found."""
    settings = read_json(ROOT / ".vscode" / "settings.json")
    assert settings["python.testing.pytestEnabled"] is True
    words = [sys.executable, "-m", "pytest", *settings["python.testing.pytestArgs"]]
    done = run([*words, "--collect-only", "-q"], clone)
    assert done.returncode == 0, done.stdout[-2000:]
    found = re.findall(r"^curriculum/\w+/check_(\w+)\.py::test_", done.stdout, re.MULTILINE)
    checks = {path.stem.removeprefix("check_") for path in clone.glob("curriculum/*/check_*.py")}
    assert {*found} == checks and len(found) > 400


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1])
def test_a_launch_debugs_the_checks_of_the_open_file(clone: Path, number: int) -> None:
    """From the exercise or from its check file; a stub fails at its own line, in two frames."""
    launch = LAUNCHES[number]
    unit, name = EXERCISE.split("/")
    opened = (f"exercises/{EXERCISE}.py", f"curriculum/{unit}/check_{name}.py")[number]
    assert (launch["type"], launch["module"]) == ("debugpy", "pytest")
    words = fill_in(launch["args"], clone, clone / opened)
    done = run([sys.executable, "-m", "pytest", *words], clone)
    assert done.returncode == 1, done.stderr
    places = re.findall(r"^(\S+\.py):\d+: ", done.stdout, re.MULTILINE)
    assert places == [f"curriculum/{unit}/check_{name}.py", f"exercises/{EXERCISE}.py"]


@pytest.mark.slow
def test_a_claim_that_fails_shows_no_frame_of_the_grader(clone: Path) -> None:
    """Plain pytest ends at the check's line; what compares is hidden."""
    mine = clone / "exercises" / f"{EXERCISE}.py"
    stub = mine.read_text("utf-8")
    right = (clone / "solutions" / f"{EXERCISE}.py").read_text("utf-8")
    try:
        mine.write_text(right.replace("return ", "return 2 * ", 1), "utf-8")
        checks = "curriculum/attention/check_softmax.py"
        done = run([sys.executable, "-m", "pytest", "-x", checks], clone)
    finally:
        mine.write_text(stub, "utf-8")
    assert done.returncode == 1
    places = re.findall(r"^(\S+\.py):\d+: ", done.stdout, re.MULTILINE)
    assert places and {*places} == {"curriculum/attention/check_softmax.py"}


def test_every_launch_leaves_the_grader_out() -> None:
    """A step never enters the grader: its files are none of the learner's code."""
    for launch in LAUNCHES:
        assert launch["justMyCode"] is True
        assert launch["rules"] == [{"path": "${workspaceFolder}/grader/**", "include": False}]


def test_the_container_runs_scripts_that_are_there() -> None:
    """The command after its creation is a script of the repository that bash can read."""
    words = CONTAINER["postCreateCommand"].split()
    assert words[0] == "bash"
    script = ROOT / words[1]
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert "pip install --quiet -e ." in script.read_text("utf-8")
