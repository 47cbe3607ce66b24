"""What a claim about random draws accepts and refuses, and how often it is wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch

from grader.checks import distributed_as
from grader.grading.judge.distributions import compute_tail
from grader.grading.judge.expect import Mismatch

SAY = "the letters are drawn with these probabilities"


def draw(probabilities: list[float], count: int, seed: int) -> torch.Tensor:
    """Draws with these probabilities, independent of each other."""
    generator = torch.Generator().manual_seed(seed)
    weights = torch.tensor(probabilities, dtype=torch.float64)
    return torch.multinomial(weights, count, replacement=True, generator=generator)


@pytest.mark.parametrize("probabilities", [[0.5, 0.25, 0.25], [0.999, 0.001], [1.0], [0.05] * 20])
@pytest.mark.parametrize("count", [1, 30, 1_000])
def test_right_draws_hold(probabilities: list[float], count: int) -> None:
    """Draws with the claimed probabilities pass, few or many, as a tensor or a list."""
    for seed in range(50):
        drawn = draw(probabilities, count, seed)
        distributed_as(drawn, probabilities, SAY)
        distributed_as(drawn.tolist(), torch.tensor(probabilities), SAY)


@pytest.mark.parametrize("probabilities", [[0.5, 0.5], [0.2, 0.3, 0.5], [0.01, 0.09, 0.9]])
@pytest.mark.parametrize("count", [7, 50, 400])
def test_the_tail_is_a_bound(probabilities: list[float], count: int) -> None:
    """Of 20,000 sets of right draws no larger share is as far away than the bound says."""
    sets = draw(probabilities, 20_000 * count, 5).view(20_000, count)
    counts = torch.nn.functional.one_hot(sets, len(probabilities)).sum(dim=1).tolist()
    tails = torch.tensor([compute_tail(one, probabilities) for one in counts])
    for share in (0.3, 0.1, 0.03, 0.01):
        assert float((tails < share).double().mean()) <= share


@pytest.mark.parametrize(
    ("drawn", "claimed"),
    [
        ([0.5, 0.25, 0.25], [0.25, 0.5, 0.25]),
        ([1.0, 0.0, 0.0], [0.5, 0.25, 0.25]),
        ([1 / 3, 1 / 3, 1 / 3], [0.5, 0.25, 0.25]),
        ([0.5, 0.25, 0.25], [0.5, 0.5, 0.0]),
    ],
    ids=["exchanged", "the likeliest alone", "even", "an impossible one"],
)
def test_other_draws_are_refused_with_their_counts(
    drawn: list[float], claimed: list[float]
) -> None:
    """Other probabilities fail after 1,000 draws, and the message has both counts by name."""
    with pytest.raises(Mismatch, match=f"expected: {SAY}") as raised:
        distributed_as(draw(drawn, 1_000, 3), claimed, SAY, names=["a", "b", "c"])
    assert raised.value.want == "of 1,000 draws about " + ", ".join(
        f"{letter}: {round(1_000 * chance)}" for letter, chance in zip("abc", claimed, strict=True)
    )
    found = re.findall(r"([abc]): ([\d,]+)", raised.value.got)
    assert sum(int(count.replace(",", "")) for _, count in found) == 1_000


@pytest.mark.parametrize("draws", [[], [3], [-1], [0.5], [True], "aab", torch.tensor([0.0]), None])
def test_what_is_no_outcome_is_refused(draws: Any) -> None:
    """No draws, another type and numbers outside the outcomes say what is due."""
    with pytest.raises(Mismatch) as raised:
        distributed_as(draws, [0.5, 0.25, 0.25], SAY)
    assert raised.value.want == "whole numbers from 0 to 2"


def test_of_many_outcomes_the_furthest_are_shown() -> None:
    """Of 50 outcomes six are listed, among them the one that is wrong."""
    wrong = [0.02] * 50
    wrong[17] = 0.4
    with pytest.raises(Mismatch) as raised:
        distributed_as(draw(wrong, 5_000, 1), [0.02] * 50, SAY)
    assert "17: 1," in raised.value.got
    assert raised.value.got.endswith("and 44 more")
    assert "17: 100" in raised.value.want
