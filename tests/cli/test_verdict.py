"""How a verdict reads in terminals of every width."""

from __future__ import annotations

import pytest

from grader.cli.console import terminal, verdict
from grader.cli.console.terminal import set_columns
from grader.course.model import Exercise
from grader.grading.outcome import CheckResult, Outcome

EXERCISE = "attention/softmax"
GRID = "float32 tensor 2x6\n  [ 0.1000  0.2000  0.3000  0.1000  0.2000  0.1000]\n  [ 1. ]"
FAILED = CheckResult(
    "test_sums",
    "Along the last dimension the probabilities are positive and sum to 1, for each shape.",
    "failed",
    "got 0.1000 at [0, 0], expected 0.2000; 12 of 12 entries differ; the largest difference is 0.2",
    "softmax(float32 tensor 2x6 with a rather long text of some eighty characters behind it)",
    GRID,
    GRID.replace("0.2000", "*0.20000001*"),
    f"exercises/{EXERCISE}.py:33",
)


@pytest.fixture
def exercise() -> Exercise:
    """The exercise whose verdict is shown."""
    return Exercise(EXERCISE, "Softmax", "It.", ("softmax",), needs=(), minutes=30, hints=())


def show(
    outcome: Outcome, exercise: Exercise, columns: int, capsys: pytest.CaptureFixture[str]
) -> str:
    """What is printed on a terminal of that width."""
    with set_columns(columns):
        verdict.show_outcome(outcome, exercise)
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", [32, 40, 60, 80, 100])
@pytest.mark.parametrize("kind", ["failed", "error", "grader_error"])
def test_a_verdict_is_wrapped_at_words(
    exercise: Exercise, capsys: pytest.CaptureFixture[str], columns: int, kind: str
) -> None:
    """No line is wider than the terminal, and no word is cut, whatever is shown."""
    fault = "ValueError: a long sentence about the fault that was met (exercises/x.py:7)"
    told = fault if kind != "failed" else ""
    outcome = Outcome(
        EXERCISE, "exercises", kind, (FAILED,), None, 1234567890, 0.5, told, ("It is so." * 9,)
    )
    wide = show(outcome, exercise, 1000, capsys)
    narrow = show(outcome, exercise, columns, capsys)
    assert narrow.split() == wide.split()
    for line in narrow.splitlines():
        assert len(line) <= columns or len(line.split()) == 1, line


def test_colour_takes_no_room(
    exercise: Exercise, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With colours, lines are wrapped where they are without."""
    outcome = Outcome(EXERCISE, "exercises", "failed", (FAILED,), None, 1234567890, 0.5)
    plain = show(outcome, exercise, 40, capsys)
    monkeypatch.setattr(terminal, "is_coloured", lambda: True)
    coloured = show(outcome, exercise, 40, capsys)
    assert "\x1b[" in coloured
    assert terminal.click.unstyle(coloured) == plain


def test_commands_are_whole_where_there_is_room(
    exercise: Exercise, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that is to be copied goes to a line of its own before it is cut."""
    outcome = Outcome(EXERCISE, "exercises", "failed", (FAILED,), None, 1234567890, 0.5)
    shown = show(outcome, exercise, 52, capsys)
    assert f"\n      stuck? grade hint {EXERCISE}\n" in shown
    assert f"\n      grade {EXERCISE} --seed 1234567890\n" in shown
