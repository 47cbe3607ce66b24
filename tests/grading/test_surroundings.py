"""What a learner's file finds around it: its command line, no debugger, no compiler, no main."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import pytest
from small_course import REFERENCE, Bench, body, first, statuses
from terminal import Terminal

ARGUMENTS = """
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=3)
steps = parser.parse_args().steps
"""
COMPILED = """
import sys, torch
before = "torch._dynamo" in sys.modules


@torch.compile
def plus(x):
    return x + x


@torch.compile(fullgraph=True, mode="max-autotune")
def twice(x):
    if isinstance(x, str):
        raise ValueError("a word is no number")
    assert before == ("torch._dynamo" in sys.modules), "the compiler was imported"
    return torch.compile(plus)(x)
"""
GUARD = 'put it below `if __name__ == "__main__":`, which the grader does not run'
ROOT = Path(__file__).parents[2]


def test_the_command_line_is_the_files_own(bench: Bench) -> None:
    """A file that reads arguments while it is loaded finds none, and its own name."""
    report = bench.grade(ARGUMENTS + REFERENCE.replace("x * 2", "x * (steps - 1)"))
    assert statuses(report) == ["passed"] * 3
    said = first(bench.grade(body("import sys; raise KeyError(*sys.argv)"))).message
    assert "exercises/demo/twice.py" in said and "host" not in said


@pytest.mark.parametrize("cold_engine", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_a_stop_for_a_debugger_names_the_command(
    bench: Bench, request: pytest.FixtureRequest, stop: str, cold_engine: bool
) -> None:
    """The check says that there is no terminal, and which command runs it with a debugger."""
    if cold_engine:
        bench = Bench(request.getfixturevalue("cold"), bench.root)
    report = bench.grade(body(f"{stop}\nx = x + 0"))
    assert statuses(report) == ["failed", "passed", "passed"]
    said, command = first(report).message.splitlines()[:2]
    assert "there is no terminal during grading" in said
    assert command == "python -m pytest curriculum/demo/check_twice.py"
    assert first(report).where.partition("exercises")[2].startswith("/demo/twice.py:")
    at_load = bench.grade(f"{stop}\n{REFERENCE}").load_error
    assert "there is no terminal during grading" in at_load and command in at_load


def test_the_command_that_is_named_opens_a_debugger(bench: Bench) -> None:
    """Pasted into a terminal, it stops at the line and shows the learner's variables."""
    text = body("breakpoint()\nx = x + 0")
    command = first(bench.grade(text)).message.splitlines()[1]
    (bench.root / "exercises" / "demo" / "twice.py").write_text(text, "utf-8")
    shutil.copy(ROOT / "pyproject.toml", bench.root)
    words = shlex.split(command)
    words[0] = sys.executable
    terminal = Terminal(words, bench.root)
    try:
        terminal.until("(Pdb)")
        terminal.type("p x + 1000\r")
        terminal.until("1003")
        terminal.type("c\r")
        terminal.until("3 passed")
    finally:
        terminal.close()


def test_a_compiled_function_is_called_as_it_is(bench: Bench) -> None:
    """torch.compile passes a function through, and no compiler is imported."""
    assert statuses(bench.grade(COMPILED)) == ["passed"] * 3


@pytest.mark.parametrize(
    "last",
    [
        "assert twice(2) == 5\n",
        "import torch\nassert torch.equal(twice(torch.ones(2)), torch.mul(torch.ones(2), 2))\n",
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('file')\n"
        "parser.parse_args()\n",
        "twice(int(input()))\n",
        "def later(x):\n    raise NotImplementedError('later')\n\n\nprint(later(3))\n",
    ],
    ids=["an assertion", "a forbidden call", "arguments", "input", "an unwritten function"],
)
def test_what_only_tries_the_code_out_belongs_below_main(bench: Bench, last: str) -> None:
    """A last line that fails while the file is loaded is told where it belongs, and works there."""
    report = bench.grade(REFERENCE + "\n\n" + last, forbids=("torch.mul",))
    assert GUARD in report.load_error and "exercises/demo/twice.py:" in report.load_error
    below = 'if __name__ == "__main__":\n' + "".join(f"    {line}\n" for line in last.splitlines())
    assert (
        statuses(bench.grade(REFERENCE + "\n\n" + below, forbids=("torch.mul",))) == ["passed"] * 3
    )


def test_a_training_loop_belongs_below_main(bench: Bench) -> None:
    """A file that computes on and on while it is loaded is told so."""
    error = bench.grade(REFERENCE + "\n\nwhile True:\n    pass\n", load_seconds=0.5).load_error
    assert "no answer within 0.5 seconds" in error and GUARD in error


@pytest.mark.parametrize(
    "top",
    ["raise KeyError('lost')\n", "import torch\n\n\nclass Mine(torch.nn.ReLU):\n    pass\n"],
    ids=["another error", "an inherited class"],
)
def test_other_errors_get_no_such_advice(bench: Bench, top: str) -> None:
    """What the file needs would not work below the guard either."""
    report = bench.grade(top + REFERENCE, forbids=("torch.nn.ReLU",))
    assert report.load_error and "__main__" not in report.load_error
