"""``grade solution``: the reference beside the learner's file, or a diff, in a pager."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from grade_command import lay_workspace, run_grade
from terminal import Terminal

from grader.cli.console.side_by_side import format_solution, strip_docstrings
from grader.cli.console.terminal import set_columns
from grader.course.model import Exercise

EXERCISE = Exercise("unit/name", "Title", "Summary.", ("f",), 10, ())
REFERENCE = '''"""A module."""

import math


def f(x):
    """Return it."""
    y = math.exp(x)
    return y
'''
OWN = '''"""A module."""

import math


def f(x):
    """Return it.

    At length.
    """

    y = math.log(x)
    print(y)
    return y
'''


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose softmax is begun."""
    folder = lay_workspace(tmp_path_factory.mktemp("solution") / "own")
    (folder / "exercises" / "attention" / "softmax.py").write_text("def softmax(x):\n    pass\n")
    return folder


def test_docstrings_are_left_out() -> None:
    """Those of the module, of classes and of functions; other strings and comments stay."""
    method = '        return "text"  # why\n'
    source = f'class A:\n    "doc"\n\n    def f(self):\n        "doc"\n{method}'
    assert strip_docstrings(source) == f"class A:\n    def f(self):\n{method}"
    assert strip_docstrings("def f(:\n") == "def f(:\n"
    assert strip_docstrings('"""only"""\n') == "\n"


def test_both_are_side_by_side_where_there_is_room() -> None:
    """Common lines are on one row; signs say what differs."""
    with set_columns(60):
        assert format_solution(EXERCISE, REFERENCE, OWN) == [
            "the reference         yours",
            "import math           import math",
            "",
            "",
            "def f(x):             def f(x):",
            "    y = math.exp(x) |     y = math.log(x)",
            "                    >     print(y)",
            "    return y              return y",
        ]


def test_a_narrow_terminal_gets_a_diff() -> None:
    """From the learner's text to the reference, in full, and no word is broken."""
    with set_columns(30):
        assert format_solution(EXERCISE, REFERENCE, OWN) == [
            "--- yours: exercises/unit/name.py",
            "+++ the reference: solutions/unit/name.py",
            "  import math",
            "",
            "",
            "  def f(x):",
            "-     y = math.log(x)",
            "-     print(y)",
            "+     y = math.exp(x)",
            "      return y",
        ]


def test_without_a_file_the_reference_is_shown_alone() -> None:
    """Nothing is beside it, and nothing is marked."""
    lines = format_solution(EXERCISE, REFERENCE, "")
    assert lines[0] == "--- the reference: solutions/unit/name.py"
    assert lines[1:] == strip_docstrings(REFERENCE).splitlines()


def test_a_pipe_gets_plain_text_and_no_pager(root: Path) -> None:
    """The pager is not started, and no colour is written."""
    done = run_grade(root, "solution", "softmax", "--yes", PAGER="false")
    assert done.returncode == 0 and "scores.amax" in done.stdout and "\x1b" not in done.stdout
    assert "Args:" not in done.stdout


@pytest.mark.parametrize(("rows", "opens"), [(8, True), (60, False)])
def test_a_text_longer_than_the_screen_opens_in_the_pager(
    root: Path, tmp_path: Path, rows: int, opens: bool
) -> None:
    """PAGER gets it where it is longer than the screen; a short text is printed."""
    pager = tmp_path / "pager"
    pager.write_text('#!/bin/sh\necho "in the pager"\ncat\n', "utf-8")
    pager.chmod(0o755)
    command = [sys.executable, "-m", "grader.cli.main", "solution", "softmax", "--yes"]
    shown = Terminal(command, root, 100, rows, PAGER=str(pager))
    try:
        assert shown.ended() == 0
        text = shown.raw.decode()
        assert ("in the pager" in text) == opens and "scores.amax" in text
    finally:
        shown.close()


@pytest.mark.parametrize("plain", [False, True])
def test_colour_follows_the_terminal_and_no_color(root: Path, plain: bool) -> None:
    """A changed line has a colour on a terminal; under NO_COLOR it has none."""
    command = [sys.executable, "-m", "grader.cli.main", "solution", "softmax", "--yes"]
    shown = Terminal(command, root, 100, 60, **({"NO_COLOR": "1"} if plain else {}))
    try:
        assert shown.ended() == 0
        assert (b"\x1b[32m" in shown.raw) is not plain
    finally:
        shown.close()
