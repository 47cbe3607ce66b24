"""What a claim says of an answer that does not hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.checks import close, equal, finite, formed, holds, shaped, uniform
from grader.grading.judge.expect import Mismatch, WrongForm


@pytest.mark.parametrize(
    ("got", "form", "error"),
    [
        (torch.zeros(2, 3), "int64 tensor 2x3", WrongForm),
        ([1, 2], "tuple of 2", WrongForm),
        (None, "float32 tensor 2", WrongForm),
        (torch.zeros(3, 2), "float32 tensor 2x3", Mismatch),
        ((1, 2, 3), "tuple of 2", Mismatch),
    ],
)
def test_another_type_or_dtype_says_what_is_wrong(
    got: Any, form: str, error: type[Mismatch]
) -> None:
    """Another type or dtype is a wrong form, which explains itself; another shape is a mismatch."""
    with pytest.raises(Mismatch) as raised:
        formed(got, form, "the result")
    assert type(raised.value) is error


@pytest.mark.parametrize("seed", range(200))
def test_even_draws_are_uniform(seed: int) -> None:
    """Numbers drawn evenly up to the bound hold, few or many, in either dtype."""
    rng = torch.Generator().manual_seed(seed)
    for count, dtype in [(1, torch.float32), (6, torch.float64), (1_024, torch.float32)]:
        drawn = torch.rand(count, generator=rng, dtype=dtype)
        uniform((drawn * 2 - 1) / 4, 0.25, "the weights are uniform")


@pytest.mark.parametrize(
    "make",
    [
        lambda even: even.erfinv() * 0.6,
        lambda even: even * 0.8,
        lambda even: even * 1.01,
        lambda even: even.abs(),
        torch.zeros_like,
        lambda even: even * torch.nan,
        lambda even: even.tolist(),
    ],
    ids=["normal", "narrower", "wider", "of one sign", "zeros", "NaN", "a list"],
)
def test_what_is_not_spread_evenly_is_said_with_its_range(make: Any) -> None:
    """Another distribution, another range and what is no tensor fail, and say what is due."""
    even = torch.rand(1_024, generator=torch.Generator().manual_seed(7)) * 2 - 1
    with pytest.raises(Mismatch, match="expected: the weights are uniform"):
        uniform(make(even), 1.0, "the weights are uniform")


def refuse(claim: Any, *parts: Any, **more: Any) -> Mismatch:
    """The mismatch of a claim that does not hold."""
    with pytest.raises(Mismatch) as raised:
        claim(*parts, **more)
    return raised.value


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_digits_widen_until_marked_numbers_differ(dtype: torch.dtype) -> None:
    """Two numbers that four decimals show alike are written with as many as tell them apart."""
    want = torch.tensor([0.5, 1.0, 3e-5, 2.0], dtype=dtype)
    step = torch.tensor([0.0, 3e-6, 2e-9, 0.0], dtype=dtype)
    found = refuse(close, want + step, want, atol=0, rtol=1e-7)
    marked = [word.strip("*[]") for word in found.got.split() if "*" in word]
    right = [word.strip("[]") for word in found.want.split()[3:]]
    assert len(marked) == 2
    assert marked[0] != right[1] and marked[1] != right[2]
    assert "got 1.000003 at [1], expected 1.000000" in found.message
    assert "0.500000" in found.want and "0.5000000" not in found.want


def test_a_whole_number_is_told_from_its_neighbour() -> None:
    """Whole numbers beside one that is nearly whole are not written as other numbers are not."""
    found = refuse(close, torch.tensor([3.0, 2.00001]), torch.tensor([3.0, 2.0]), rtol=0, atol=0)
    assert found.want.endswith("[3.00000 2.00000]") and found.got.endswith("[3.00000 *2.00001*]")
    whole = refuse(close, torch.tensor([3.0, 1.0]), torch.tensor([3.0, 2.0]))
    assert (whole.want[-7:], whole.got[-9:]) == ("[3. 2.]", "[3. *1.*]")


def test_a_number_that_is_none_is_marked() -> None:
    """NaN where a number is due, and where NaN is due, is written as it is."""
    nan = torch.tensor([torch.nan, 1.0])
    assert "*nan*" in refuse(close, nan, torch.tensor([2.0, 1.0])).got
    assert "*nan*" in refuse(close, nan, nan).got


def test_arrays_are_called_arrays() -> None:
    """What NumPy returns is an array in every message, and no tensor."""
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    for got in (array + 1, array[:1], array.astype(np.int64), array.astype(np.float64)):
        for claim in (equal, close):
            found = refuse(claim, got, array)
            assert "tensor" not in f"{found.message} {found.want} {found.got}"
            assert "array" in found.want and "array" in found.got
    found = refuse(close, array, torch.tensor(array))
    assert found.message == "got a NumPy array, expected a tensor"
    assert found.got.startswith("float32 array 2x3") and found.want.startswith("float32 tensor")
    assert refuse(equal, np.int64(3), 3).message == "got a NumPy int64, expected an int"


@pytest.mark.parametrize(
    ("claim", "parts"),
    [
        (close, (None, torch.ones(2))),
        (close, (np.ones(2), torch.ones(2))),
        (close, ("3", 3.0)),
        (equal, ((115, 257), [115, 257])),
        (equal, ([1], [1, 2])),
        (finite, ([1.0],)),
        (finite, (torch.tensor([torch.nan]),)),
        (formed, ((1,), "list of 1", "the result")),
        (shaped, (torch.ones(3), (2,), torch.float32)),
    ],
)
def test_a_claim_says_what_is_expected_and_what_came(claim: Any, parts: tuple[Any, ...]) -> None:
    """No claim of ours leaves what is expected, or what was returned, unsaid."""
    found = refuse(claim, *parts)
    assert found.want and found.got


def test_a_statement_that_does_not_hold_is_said_to_be_expected() -> None:
    """The rule of a claim is never printed as if it were true."""
    found = refuse(holds, False, "the ids are a list", got=(115, 257))
    assert (found.message, found.got) == ("expected: the ids are a list", "(115, 257)")
    assert refuse(holds, False, "it is 2", want=2.5, got=3).want == "2.5"
