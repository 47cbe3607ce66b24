"""Answers as numbers: which of them can be compared, and when two are the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from grader.grading.judge.comparison import ROUNDINGS

ENOUGH = 1000
"""So many entries of a tensor are looked at to tell whether it is constant."""
Pair = tuple[torch.Tensor, torch.Tensor]
"""What is expected and what was returned, in one shape and dtype."""


def as_tensor(value: Any) -> torch.Tensor | None:
    """Return an array, a tensor, a number or a list of numbers as a tensor; None for all else."""
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return torch.from_numpy(value.astype(value.dtype.newbyteorder("=")))
    if type(value) in (bool, int, float):
        return _make_tensor([value], {type(value)}).reshape(())
    kinds = {type(entry) for entry in value} if type(value) in (list, tuple) else set()
    if len(kinds) == 1 and kinds <= {bool, int, float}:
        return _make_tensor(list(value), kinds)
    return None


def _make_tensor(entries: list[Any], kinds: set[type]) -> torch.Tensor:
    if kinds == {int} and max(map(abs, entries)) >= 1 << 62:
        return torch.tensor([float(entry) for entry in entries], dtype=torch.float64)
    return torch.tensor(entries, dtype=torch.float64 if kinds == {float} else None)


def pair_numbers(want: Any, got: Any) -> list[Pair] | None:
    """Return the tensors of two answers of one form, in pairs; None where the forms differ."""
    try:
        return list(_pair(want, got))
    except ValueError:
        return None


def _pair(want: Any, got: Any) -> Iterator[Pair]:
    ours, theirs = as_tensor(got), as_tensor(want)
    if ours is not None and theirs is not None:
        if (ours.shape, ours.dtype) != (theirs.shape, theirs.dtype) or type(want) is not type(got):
            raise ValueError
        yield theirs, ours
    elif type(want) is not type(got) or not isinstance(want, (list, tuple, dict)):
        raise ValueError
    elif isinstance(want, dict):
        if want.keys() != got.keys():
            raise ValueError
        for key in want:
            yield from _pair(want[key], got[key])
    elif len(want) != len(got):
        raise ValueError
    else:
        for expected, returned in zip(want, got, strict=True):
            yield from _pair(expected, returned)


def pair_floats(want: Any, got: Any) -> list[Pair] | None:
    """Return the pairs of two answers that are all floating and finite; None otherwise."""
    pairs = pair_numbers(want, got)
    if pairs is None or not pairs:
        return None
    for pair in pairs:
        if not all(one.dtype.is_floating_point and bool(one.isfinite().all()) for one in pair):
            return None
    return pairs


def is_near(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    """Return whether two tensors are equal in shape and dtype, and in value but for rounding."""
    if (ours.shape, ours.dtype) != (theirs.shape, theirs.dtype):
        return False
    return bool(find_near(ours, theirs).all())


def find_near(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
    """Return where two tensors of one shape and dtype are equal but for rounding."""
    equal = ours == theirs  # NaN equals nothing, and tells nothing
    if not ours.dtype.is_floating_point:
        return equal
    a, b = ours.double(), theirs.double()
    finite = a.isfinite() & b.isfinite()
    largest = float(b[finite].abs().max()) if bool(finite.any()) else 0.0
    noise = ROUNDINGS * torch.finfo(ours.dtype).eps * largest
    return equal | (finite & ((a - b).abs() <= noise))


def count_distinct(tensors: list[torch.Tensor]) -> int:
    """Return how many numbers are there, equal ones counted once, as far as it is looked."""
    if not tensors:
        return 0
    return len({entry for one in tensors for entry in one.detach().flatten()[:ENOUGH].tolist()})


def list_entries(value: Any) -> Iterator[Any]:
    """Yield numbers of an answer, letters of its texts and so on; NaN where one is infinite."""
    tensor = as_tensor(value)
    if tensor is not None:
        yield from tensor.flatten()[:ENOUGH].tolist()
        if tensor.dtype.is_floating_point and not bool(tensor.isfinite().all()):
            yield math.nan
    elif isinstance(value, (str, bytes)):
        yield from value
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from list_entries(entry)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from list_entries(entry)
