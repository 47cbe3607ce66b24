"""Blind trials: no wrong answer passes, no right one is refused, whoever wrote them.

What the ledger has as it is now was graded before; the rest is graded here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring import BlindAnswer, TrialLedger, grade_answers, list_answers
from grader.base.paths import Workspace
from grader.grading.client import Engine
from grader.services.parallel import SilentObserver
from grader.services.session import Session

pytestmark = pytest.mark.gate

ROOT = Path(__file__).parents[2]
SESSION = Session.open(Workspace(ROOT))
ANSWERS = list_answers(SESSION.course, ROOT / "tests" / "trials")
EXERCISES = list(dict.fromkeys(answer.exercise.id for answer in ANSWERS))
LEDGER = TrialLedger(SESSION, ROOT / "tests" / "trials")
CHANGED = list(dict.fromkeys(answer.exercise.id for answer in LEDGER.list_changed(ANSWERS)))


def list_those_of(exercise: str) -> list[BlindAnswer]:
    """The answers to one exercise."""
    return [answer for answer in ANSWERS if answer.exercise.id == exercise]


@pytest.mark.parametrize("exercise", CHANGED)
def test_no_answer_is_misjudged(engine: Engine, exercise: str) -> None:
    """Each wrong answer fails a check, and each right one passes all of them."""
    results = grade_answers(SESSION, engine, list_those_of(exercise), SilentObserver())
    misjudged = [
        f"{result.answer.path.name} {'passes' if result.answer.wrong else 'is refused'}: "
        f"{result.answer.says}"
        for result in results
        if result.is_misjudged
    ]
    assert misjudged == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_trial_has_enough_answers(exercise: str) -> None:
    """Eight wrong answers and three right ones are the least."""
    wrong = [answer.wrong for answer in list_those_of(exercise)]
    assert (wrong.count(True) >= 8, wrong.count(False) >= 3) == (True, True)


def test_every_exercise_has_a_trial() -> None:
    """No exercise of the course is without answers by somebody who saw stub and lesson alone."""
    assert sorted(EXERCISES) == sorted(one.id for one in SESSION.course.iterate_exercises())
