"""The main path in the commands: its order, its milestones, and what is offered beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from grade_command import run_grade
from site_workspace import attempt, lay

from grader.base.files import write_file
from grader.base.paths import Workspace
from grader.learner.records import Records
from grader.services.session import Session

MAIN_PATH = """milestones:
  - {id: counts, title: It counts, text: "A number is doubled.", needs: [numbers/double]}
spine:
  - numbers/double
  - milestone: counts
  - attention/softmax
"""


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of three exercises, whose path begins in the second unit; nothing is passed."""
    own = lay(tmp_path_factory.mktemp("path") / "ws")
    with own.course_file.open("a", encoding="utf-8") as file:
        file.write(MAIN_PATH)
    unit = own.locate_unit_file("numbers")
    unit.write_text(
        unit.read_text("utf-8").replace("[numbers/double, attention/softmax]", "[numbers/double]"),
        "utf-8",
    )
    session = Session.open(own)
    for exercise in session.course.iterate_exercises():
        write_file(own.locate_stub(exercise.id), session.make_stub(exercise))
    return own.root


@pytest.fixture
def root(laid: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(laid, tmp_path / "own", symlinks=True))


def record_pass(root: Path, exercise: str) -> None:
    """Record that an exercise is passed."""
    own = Workspace(root)
    Records(own.progress).record(attempt(own, exercise, "2026-11-20"))


def read_json(root: Path, command: str) -> Any:
    """What a command prints with ``--json``."""
    return json.loads(run_grade(root, command, "--json").stdout)


def test_the_list_shows_path_milestones_and_what_is_optional(root: Path) -> None:
    """The path first, in its order, with the milestone in it; then the others by unit."""
    lines = [line.split("  ") for line in run_grade(root, "list").stdout.splitlines()]
    words = [[word.strip() for word in line if word.strip()] for line in lines]
    assert words[:8] == [
        ["Main path"],
        ["[ ] numbers/double", "Double <- next"],
        ["[ ] milestone", "It counts", "after 1 more exercise"],
        ["[ ] attention/softmax", "Softmax"],
        ["Optional", "at any time"],
        ["Numbers"],
        ["[ ] numbers/triple", "Triple", "after double"],
        ["Second steps", "coming later"],
    ]
    record_pass(root, "numbers/double")
    assert "[x] milestone          It counts\n" in run_grade(root, "list").stdout


def test_the_status_shows_path_milestones_and_what_is_optional(root: Path) -> None:
    """A bar for the path and one for the optional exercises, the milestone between them."""
    lines = run_grade(root, "status").stdout.splitlines()
    assert [line.split("  ")[-1] for line in lines[2:5]] == [
        "Main path",
        "after 1 more exercise",
        "Optional exercises",
    ]
    record_pass(root, "numbers/double")
    assert "    [x] milestone  It counts\n" in run_grade(root, "status").stdout


def test_next_offers_optional_exercises_after_a_milestone(root: Path) -> None:
    """Before the milestone and after the next exercise there is no such line."""
    assert "optional" not in run_grade(root, "next").stdout
    record_pass(root, "numbers/double")
    after = run_grade(root, "next").stdout
    assert after.startswith("attention/softmax  Softmax  about 20 minutes; 1 of 3 passed\n")
    assert after.splitlines()[5] == "Or      an optional exercise: numbers/triple"
    record_pass(root, "attention/softmax")
    assert run_grade(root, "next").stdout.startswith(
        "numbers/triple  Triple  about 5 minutes, optional; 2 of 3 passed\n"
    )


def test_json_has_the_path_and_its_milestones(root: Path) -> None:
    """List, status and next say what is optional, which milestone comes and which is reached."""
    listed = read_json(root, "list")
    assert [(e["id"], e["optional"], e["milestone"]) for e in listed] == [
        ("numbers/double", False, "counts"),
        ("attention/softmax", False, None),
        ("numbers/triple", True, None),
    ]
    assert read_json(root, "next")["milestone"] == "counts"
    status = read_json(root, "status")
    assert status["main_path"] == {"exercises": 2, "passed": 0}
    assert status["milestones"] == [
        {
            "id": "counts",
            "title": "It counts",
            "reached": False,
            "needs": ["numbers/double"],
            "missing": ["numbers/double"],
            "left": 1,
        }
    ]
    record_pass(root, "numbers/double")
    following = read_json(root, "next")
    assert (following["next"], following["optional"]) == ("attention/softmax", ["numbers/triple"])
    assert read_json(root, "status")["milestones"][0]["reached"] is True


def test_help_says_what_is_optional(root: Path) -> None:
    """Beside the state and the minutes of an exercise that the path leaves out."""
    assert "about 5 minutes; optional\n" in run_grade(root, "help", "triple").stdout
    assert "optional" not in run_grade(root, "help", "softmax").stdout


@pytest.mark.slow
def test_the_pass_that_reaches_a_milestone_says_so_once(root: Path) -> None:
    """Its title and what one has now; a second pass of the same exercise says nothing of it."""
    own = Workspace(root)
    shutil.copy(own.locate_reference("numbers/double"), own.locate_stub("numbers/double"))
    done = run_grade(root, "numbers/double")
    assert "Milestone reached  It counts.\nA number is doubled." in done.stdout, done
    assert "Milestone" not in run_grade(root, "numbers/double").stdout
