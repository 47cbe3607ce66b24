"""What a pass says in ``grade watch``: what it finishes, beside what is next."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.base.paths import Workspace
from grader.cli.watch.view import View
from grader.cli.watch.view_text import format_body
from grader.course.loader.loading import load
from grader.course.model import Course
from grader.grading.outcome import Outcome, Standing
from grader.learner.progress import survey

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def course() -> Course:
    """The course itself."""
    return load(Workspace(ROOT))


def show_pass(course: Course, exercise: str, passed: list[str]) -> str:
    """What is shown after a pass of an exercise, with these passed."""
    at = "2026-11-22T10:00:00+00:00"
    standings = {name: Standing(name, 1, passed_at=at, passed_day="2026-11-22") for name in passed}
    view = View(
        course,
        survey(course, standings, {}),
        course.find_exercise(exercise),
        outcome=Outcome(exercise, "exercises", "passed", (), None, 1, 0.1),
    )
    return " ".join(" ".join(format_body(view, 40)).split())


def test_the_last_pass_of_a_phase_finishes_it(course: Course) -> None:
    """The phase is named with the pass that finishes it, and not before."""
    phase = course.phases[0]
    names = [exercise.id for unit in phase.units for exercise in unit.exercises]
    assert len(names) > 1
    assert f"The phase {phase.title} is finished" in show_pass(course, names[-1], names)
    assert "is finished" not in show_pass(course, names[-1], names[-1:])
