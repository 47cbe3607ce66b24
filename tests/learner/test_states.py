"""The one table of signs: every state has one."""

from __future__ import annotations

from typing import get_args

from grader.grading.outcome import Status, Verdict
from grader.learner import progress, reading_list, spaced_repetition
from grader.learner.model import ReadingState
from grader.learner.states import CARDS, CHECKS, EXERCISES, READINGS, VERDICTS


def test_every_state_has_a_sign() -> None:
    """No state of an exercise, a reading, a card, a check or a verdict is left out."""
    assert set(EXERCISES) == set(get_args(progress.ExerciseState))
    assert set(READINGS) == {*get_args(ReadingState), reading_list.OPEN}
    assert set(CARDS) == set(get_args(spaced_repetition.CardState))
    assert set(CHECKS) == set(get_args(Status))
    assert set(VERDICTS) == set(get_args(Verdict))


def test_no_two_states_look_alike() -> None:
    """Without colours, and in a terminal of ASCII, each state is told from the others."""
    for signs in (EXERCISES, READINGS, CARDS):
        assert len({sign.text for sign in signs.values()}) == len(signs)
        assert len({sign.box for sign in signs.values()}) == len(signs)
