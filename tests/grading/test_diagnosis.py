"""Which mistake is named, and when nobody is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from grader.grading.diagnosis import (
    Likeness,
    can_fit,
    choose_mistake,
    list_candidates,
    prefer_same,
)
from grader.grading.judge.comparison import is_same_answer, is_same_error
from grader.grading.judge.judge import select_evidence
from grader.grading.judge.relations.asked import make_codec
from grader.grading.judge.relations.checks import Check
from grader.grading.protocol.raised import Frame, Raised
from grader.grading.protocol.transcript import Transcript

FAILED = ["a", "b"]
REFUSAL = Raised("ValueError", ("ValueError", "Exception"), "must be positive", own_wording=True)
MISFIT = Raised("RuntimeError", ("RuntimeError", "Exception"), "mat1 and mat2: 2x3 and 5x7")


def choose(evidence: dict[str, dict[str, bool]], failed: list[str]) -> str | None:
    """Choose among mistakes that are all caught by the first failed check."""
    return choose_mistake(evidence, failed, dict.fromkeys(evidence, failed[0]))


def test_the_mistake_that_explains_everything_is_named() -> None:
    """One that explains both failures comes before one that explains only the first."""
    evidence = {"half": {"a": True, "b": False}, "all": {"a": True, "b": True}}
    assert choose(evidence, FAILED) == "all"


@pytest.mark.parametrize(
    ("shown", "named"),
    [
        ("a b c d", True),
        ("a b", True),
        ("a", False),
        ("b c d", True),
        ("b c", False),
    ],
)
def test_most_of_what_failed_must_be_explained(shown: str, named: bool) -> None:
    """Half of the failed checks with the first one, two thirds without it; less names nobody."""
    evidence = {"x": {check: check in shown.split() for check in "abcd"}}
    assert choose(evidence, list("abcd")) == ("x" if named else None)


def test_a_mistake_whose_own_check_passes_is_not_named() -> None:
    """The check that its author names catches a mistake; where that passes it was not made."""
    evidence = {"x": {"a": True, "b": True}}
    assert choose_mistake(evidence, FAILED, {"x": "b"}) == "x"
    assert choose_mistake(evidence, FAILED, {"x": "ok"}) is None
    assert list_candidates({"x": "b", "y": "ok", "z": "a"}, FAILED) == ["z", "x"]


def test_a_mistake_that_is_wrong_where_the_learner_is_right_is_not_named() -> None:
    """Both explain the failure, and one of them would fail a check that passes."""
    evidence = {"x": {"a": True, "ok": False}, "y": {"a": True, "ok": True}}
    assert choose(evidence, ["a"]) == "y"
    assert choose({"x": {"a": True, "ok": False}}, ["a"]) is None


def test_what_cannot_fit_any_more_is_asked_nothing_more() -> None:
    """A mistake is given up as soon as the missing answers could not save it."""
    four = list("abcd")
    assert can_fit({"a": True, "b": False}, four, [])
    assert can_fit({"a": False}, four, [])
    assert not can_fit({"a": False, "b": False}, four, [])
    assert not can_fit({"a": True, "ok": False}, ["a"], ["ok"])


def test_a_draw_names_nobody() -> None:
    """Two mistakes that explain the same are no diagnosis."""
    assert choose({"x": {"a": True}, "y": {"a": True}}, ["a"]) is None


def test_no_evidence_names_nobody() -> None:
    """Without a replay, or with failures that could not be compared, nothing is said."""
    assert choose({}, FAILED) is None
    assert choose({"x": {}}, FAILED) is None


WRONG, RIGHT = torch.tensor([1.0, 2.5]), torch.tensor([1.0, 2.0])


def test_rounding_does_not_decide() -> None:
    """Answers that differ by a few roundings are the same wrong answer."""
    assert is_same_answer(WRONG, WRONG * (1 + 2e-7), RIGHT)


@pytest.mark.parametrize("form", [float, lambda x: torch.tensor(x, dtype=torch.float64)])
def test_compared_roughly_an_answer_right_in_float32_is_right(form: Callable[[float], Any]) -> None:
    """The next answer is wrong by more, so a loss that is apart by rounding shows nothing."""
    ours, right, wrong = form(0.6931472), form(math.log(2)), form(0.6932)
    assert is_same_answer(ours, right, right, rough=True)
    assert not is_same_answer(ours, right, right)
    assert not is_same_answer(wrong, right, right, rough=True)
    assert not is_same_answer(ours, wrong, right, rough=True)
    # An answer that is right in float64 is not that of a mistake which is apart by rounding.
    assert not is_same_answer(right, ours, right, rough=True)


def test_compared_roughly_rounding_does_not_decide_where_nothing_is_expected() -> None:
    """A list that is too short has no right numbers beside it, and is compared with a mistake's."""
    ours, theirs, right = [(0, 0.6931472)], [(0, math.log(2))], [(0, math.log(2)), (1, 0.5)]
    assert is_same_answer(ours, theirs, right, rough=True)
    assert not is_same_answer(ours, theirs, right)
    assert not is_same_answer(ours, [(0, 0.6932)], right, rough=True)


def test_a_check_is_far_off_if_it_fails_by_more_than_rounding() -> None:
    """Only then are its answers compared roughly; one that passes never is."""
    codec = make_codec()
    right, close, wrong = (codec.pack(["ok", x]) for x in (math.log(2), 0.6931472, 0.7))

    def is_far_off(*answers: bytes, failed: bool = True) -> bool:
        asked = (b"",) * len(answers)
        return Check("a", failed, asked, (right,) * len(answers), answers).is_far_off

    assert is_far_off(close, wrong) and not is_far_off(right, close)
    assert not is_far_off(close, wrong, failed=False)


def test_a_mistake_that_gives_the_very_answers_leaves_nothing_to_a_rough_one() -> None:
    """Two mistakes may differ by as little as rounding; without the first the rough one counts."""
    same, rough, other = Likeness.SAME, Likeness.ROUGH, Likeness.OTHER
    found = {"epsilon": {"a": same, "b": same}, "floor": {"a": rough, "b": same}}
    kept = prefer_same(found, FAILED, [])
    assert kept == {"epsilon": {"a": True, "b": True}, "floor": {"a": False, "b": True}}
    alone = prefer_same({"floor": found["floor"]}, FAILED, [])
    assert alone == {"floor": {"a": True, "b": True}}
    # One that does not fit as a whole settles nothing.
    unfit = {"epsilon": {"a": same, "b": same, "c": other}, "floor": {**found["floor"], "c": same}}
    assert prefer_same(unfit, FAILED, ["c"])["floor"] == {"a": True, "b": True, "c": True}


@pytest.mark.parametrize(("apart", "alike"), [(0.004, True), (0.1, False)])
def test_a_match_is_measured_by_the_size_of_the_error(apart: float, alike: bool) -> None:
    """A hundredth of the distance to the right answer is near enough; a fifth is not."""
    assert is_same_answer(WRONG, WRONG + torch.tensor([0.0, apart]), RIGHT) is alike


def test_a_tiny_number_in_place_of_zero_is_a_difference() -> None:
    """A forbidden weight of 1e-22 is not explained by a mistake that gives 0."""
    ours, right = torch.tensor([1.0, 1e-22]), torch.tensor([1.0, 0.0])
    assert is_same_answer(ours, ours.clone(), right)
    assert not is_same_answer(ours, right.clone(), right)


def test_compared_roughly_a_zero_moved_by_rounding_is_no_difference() -> None:
    """Where an error is larger, 5 * 0.2 - 1 may be 0 or not."""
    ours, theirs, right = (torch.tensor([x, y]) for x, y in ((9.0, 5e-17), (9.0, 0.0), (8.0, 0.0)))
    assert is_same_answer(ours, theirs, right, rough=True)
    assert not is_same_answer(ours, theirs, right)
    large = torch.tensor([9.0, 0.5])
    assert not is_same_answer(large, theirs, right, rough=True)


def test_not_a_number_must_stand_in_the_same_places() -> None:
    """NaN is explained by NaN, place for place."""
    ours = torch.tensor([math.nan, 1.0])
    assert is_same_answer(ours, ours.clone(), RIGHT)
    assert not is_same_answer(ours, torch.tensor([1.0, math.nan]), RIGHT)
    assert not is_same_answer(ours, torch.tensor([math.inf, 1.0]), RIGHT)
    infinite = torch.tensor([math.inf, 1.0])
    assert is_same_answer(infinite, infinite.clone(), RIGHT) and not is_same_answer(
        infinite, -infinite.abs(), RIGHT
    )


def test_shape_type_and_text_must_be_equal() -> None:
    """Nothing is close about a shape, a dtype, a type or a word."""
    assert not is_same_answer(WRONG, WRONG[None], RIGHT)
    assert not is_same_answer(WRONG, WRONG.double(), RIGHT)
    assert not is_same_answer([1], (1,), [1])
    assert is_same_answer(WRONG, WRONG.clone(), RIGHT.bool()) and not is_same_answer(
        WRONG, RIGHT, RIGHT.bool()
    )
    assert not is_same_answer("a", "b", "a") and is_same_answer("a", "a", "b")
    assert not is_same_answer({"x": 1}, {"y": 1}, {}) and is_same_answer(
        {"x": [1.0]}, {"x": [1.0]}, None
    )


def test_how_an_error_is_worded_does_not_decide() -> None:
    """Two who refuse an input with the same type give the same answer in different words."""
    assert is_same_error(REFUSAL, replace(REFUSAL, message="n > 0 is due"))
    assert not is_same_error(REFUSAL, replace(REFUSAL, type="KeyError"))
    assert not is_same_error(REFUSAL, replace(REFUSAL, cause="recursion"))


def test_what_a_library_says_tells_two_errors_apart() -> None:
    """Two products of tensors that do not fit are one mistake only if the shapes are the same."""
    assert is_same_error(MISFIT, replace(MISFIT, frames=(Frame("x.py", 3, "f", "a @ b"),)))
    assert not is_same_error(MISFIT, replace(MISFIT, message="mat1 and mat2: 3x2 and 5x7"))
    assert not is_same_error(MISFIT, replace(MISFIT, own_wording=True))


@pytest.mark.parametrize(
    "damage", [{"message": 5}, {"bases": [1]}, {"frames": 5}, {"own_wording": 1}, {"more": ""}]
)
def test_a_forged_error_is_refused(damage: dict[str, object]) -> None:
    """What a worker says of an error is data of the learner's process, and looked at as such."""
    assert Raised.from_data(MISFIT.to_data()) == MISFIT
    with pytest.raises((TypeError, ValueError)):
        Raised.from_data({**MISFIT.to_data(), **damage})


def test_a_check_of_memory_is_evidence_only_where_no_other_failed() -> None:
    """Where memory runs out varies from run to run, so other failed checks decide alone."""
    transcripts = {name: Transcript() for name in ("sum", "shape", "memory", "more_memory")}
    memory = {"memory", "more_memory"}
    for failed, kept in (
        (["sum", "memory"], {"sum", "shape"}),
        (["memory"], {"sum", "shape", "memory"}),
        (["memory", "more_memory"], {"sum", "shape", "memory", "more_memory"}),
        (["sum"], {"sum", "shape"}),
    ):
        assert select_evidence(transcripts, failed, memory).keys() == kept
