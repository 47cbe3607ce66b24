"""Which mistake is named, and when nobody is."""

from __future__ import annotations

import math

import pytest
import torch

from grader.diagnosis import fitting
from grader.engine.replay import same

FAILED = ["a", "b"]


def test_the_mistake_that_explains_everything_is_named() -> None:
    """One that explains both failures comes before one that explains only the first."""
    evidence = {"half": {"a": True, "b": False}, "all": {"a": True, "b": True}}
    assert fitting(evidence, FAILED) == "all"


def test_a_mistake_that_does_not_explain_the_first_failure_is_not_named() -> None:
    """The learner reads the first failure, so that is what must be explained."""
    assert fitting({"later": {"a": False, "b": True}}, FAILED) is None


def test_right_answers_tell_two_mistakes_apart() -> None:
    """Where both explain the failures, the one that is right where the learner is right wins."""
    evidence = {"x": {"a": True, "ok": False}, "y": {"a": True, "ok": True}}
    assert fitting(evidence, ["a"]) == "y"


def test_a_draw_names_nobody() -> None:
    """Two mistakes that explain the same are no diagnosis."""
    assert fitting({"x": {"a": True}, "y": {"a": True}}, ["a"]) is None


def test_no_evidence_names_nobody() -> None:
    """Without a replay, or with failures that could not be compared, nothing is said."""
    assert fitting({}, FAILED) is None
    assert fitting({"x": {}}, FAILED) is None


WRONG, RIGHT = torch.tensor([1.0, 2.5]), torch.tensor([1.0, 2.0])


def test_rounding_does_not_decide() -> None:
    """Answers that differ by a few roundings are the same wrong answer."""
    assert same(WRONG, WRONG * (1 + 2e-7), RIGHT)


@pytest.mark.parametrize(("apart", "alike"), [(0.004, True), (0.1, False)])
def test_a_match_is_measured_by_the_size_of_the_error(apart: float, alike: bool) -> None:
    """A hundredth of the distance to the right answer is near enough; a fifth is not."""
    assert same(WRONG, WRONG + torch.tensor([0.0, apart]), RIGHT) is alike


def test_a_tiny_number_in_place_of_zero_is_a_difference() -> None:
    """A forbidden weight of 1e-22 is not explained by a mistake that gives 0."""
    ours, right = torch.tensor([1.0, 1e-22]), torch.tensor([1.0, 0.0])
    assert same(ours, ours.clone(), right)
    assert not same(ours, right.clone(), right)


def test_not_a_number_must_stand_in_the_same_places() -> None:
    """NaN is explained by NaN, place for place."""
    ours = torch.tensor([math.nan, 1.0])
    assert same(ours, ours.clone(), RIGHT)
    assert not same(ours, torch.tensor([1.0, math.nan]), RIGHT)
    assert not same(ours, torch.tensor([math.inf, 1.0]), RIGHT)
    infinite = torch.tensor([math.inf, 1.0])
    assert same(infinite, infinite.clone(), RIGHT) and not same(infinite, -infinite.abs(), RIGHT)


def test_shape_type_and_text_must_be_equal() -> None:
    """Nothing is close about a shape, a dtype, a type or a word."""
    assert not same(WRONG, WRONG[None], RIGHT)
    assert not same(WRONG, WRONG.double(), RIGHT)
    assert not same([1], (1,), [1])
    assert same(WRONG, WRONG.clone(), RIGHT.bool()) and not same(WRONG, RIGHT, RIGHT.bool())
    assert not same("a", "b", "a") and same("a", "a", "b")
    assert not same({"x": 1}, {"y": 1}, {}) and same({"x": [1.0]}, {"x": [1.0]}, None)
