"""Tests of what milestones share whose models read characters."""

from __future__ import annotations

import pytest
import torch

from grader.milestones.characters import encode_characters, find_unknown, mix_seed


def test_characters_are_encoded_by_their_place() -> None:
    """A character becomes its place among the letters; an empty text is an empty tensor."""
    assert encode_characters("cab", "abc").tolist() == [2, 0, 1]
    empty = encode_characters("", "abc")
    assert empty.dtype == torch.int64 and empty.shape == (0,)
    with pytest.raises(KeyError):
        encode_characters("x", "abc")


def test_unknown_characters_are_named_once() -> None:
    """What a model has not seen is listed, sorted and each once."""
    assert find_unknown("xaéx", "abc") == ["x", "é"]
    assert find_unknown("cab", list("abc")) == []


def test_seeds_of_a_run_differ() -> None:
    """Within a run and between runs with near seeds, no two seeds are equal, and all are valid."""
    seeds = [mix_seed(seed, n) for seed in (0, 1, 2, 2**31) for n in range(2000)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**32 for seed in seeds)
