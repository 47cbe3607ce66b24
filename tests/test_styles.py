"""Right answers pass: exercises solved in several honest styles, each graded as a learner's file.

``tests/styles/<unit>/<exercise>_<style>.py`` is written from the contract, not from the
reference. A style that fails shows a check that asks for more than the contract says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.author.submission import Submission, complaints, strangers, submissions
from grader.curriculum import load
from grader.engine.client import Engine
from grader.surgery import claims
from grader.workspace import Workspace

HERE = Workspace(Path(__file__).resolve().parents[1])
COURSE = load(HERE)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A loaded engine."""
    with Engine() as engine:
        yield engine


def named(submission: Submission) -> str:
    """A submission in the list of tests."""
    return f"{submission.path.parent.name}/{submission.path.stem}"


def told(engine: Engine, submission: Submission) -> list[str]:
    """What its grading has against it."""
    asked = claims(HERE.checks(submission.exercise.id).read_text("utf-8"))
    return complaints(HERE, engine, submission, asked)


@pytest.mark.parametrize("style", submissions(HERE, COURSE, "styles"), ids=named)
def test_an_honest_style_passes_every_check(engine: Engine, style: Submission) -> None:
    """Loops, einsum, buffers or float64: what the contract permits, no check refuses."""
    assert told(engine, style) == []


def test_every_style_is_for_an_exercise() -> None:
    """A file that is named after no exercise would never be graded."""
    assert strangers(HERE, COURSE, "styles") == []


def test_an_answer_in_no_style_is_refused(engine: Engine) -> None:
    """Graded in the same way, the stub is told of at every check."""
    exercise = COURSE.exercise("attention/softmax")
    stub = Submission("styles", exercise, HERE.stub(exercise.id))
    asked = claims(HERE.checks(exercise.id).read_text("utf-8"))
    assert [line.partition(":")[0] for line in told(engine, stub)] == [one.name for one in asked]
