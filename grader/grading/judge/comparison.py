"""When two answers to one question are the same wrong answer.

Both are wrong by some distance from the reference's. They are the same when they lie within a
hundredth of that distance of each other, so a small error needs a close match, and rounding
never decides.

Most contracts ask for float32's accuracy, of Python floats and of float64 too. Where a check has an
answer that is wrong by more than that, its other answers are compared *roughly*: those that are
apart from the reference's by float32's rounding alone are right, however they were computed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from grader.grading.protocol.raised import Raised

SHARE = 0.01
"""How near a mistake must come, as a share of the distance to the reference."""
ROUNDINGS = 64
"""Differences of so many roundings are no difference."""
FLOAT32 = torch.finfo(torch.float32).eps
"""A rounding, where answers are compared roughly."""


def is_same_reply(ours: Any, theirs: Any, right: Any, rough: bool = False) -> bool:
    """Return whether two whole answers are the same: values beside values, errors beside errors."""
    forms = [reply[0] for reply in (ours, theirs)]
    if "raised" not in forms:
        return is_same_answer(ours, theirs, right, rough)
    if forms != ["raised", "raised"]:
        return False
    return is_same_error(Raised.from_data(ours[1]), Raised.from_data(theirs[1]))


def is_same_error(ours: Raised, theirs: Raised) -> bool:
    """Return whether two errors are the same answer: of one type and of one cause.

    An author's own wording is no part of it: two people who refuse a bad input say so in
    different words. What a library says is data (the shapes that do not fit, the key that is
    missing), and tells two errors of one type apart: without it, any two products of
    tensors that do not fit would pass for the same mistake.
    """
    if (ours.type, ours.bases, ours.cause) != (theirs.type, theirs.bases, theirs.cause):
        return False
    if ours.own_wording and theirs.own_wording:
        return True
    return ours.own_wording == theirs.own_wording and ours.message == theirs.message


def is_same_answer(ours: Any, theirs: Any, right: Any, rough: bool = False) -> bool:
    """Return whether ``theirs`` is ``ours``, but for a hundredth of the way to ``right``.

    With ``rough``, no answer is wrong by float32's rounding alone.
    """
    if isinstance(ours, np.ndarray) and isinstance(theirs, np.ndarray):
        if ours.dtype.kind not in "biuf" or theirs.dtype.kind not in "biuf":
            return bool(np.array_equal(ours, theirs))
        ours, theirs = torch.from_numpy(ours.copy()), torch.from_numpy(theirs.copy())
        right = torch.from_numpy(right.copy()) if isinstance(right, np.ndarray) else right
    if isinstance(ours, torch.Tensor) and isinstance(theirs, torch.Tensor):
        return _is_same_tensor(ours, theirs, right, rough)
    if type(ours) is float and type(theirs) is float:
        pair = torch.tensor([ours, theirs], dtype=torch.float64)
        truth = torch.tensor(right, dtype=torch.float64) if type(right) is float else None
        return _is_same_tensor(pair[0], pair[1], truth, rough)
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, (list, tuple)):
        return len(ours) == len(theirs) and all(
            is_same_answer(a, b, c, rough)
            for a, b, c in zip(ours, theirs, _match_parts(right, ours), strict=True)
        )
    if isinstance(ours, dict):
        known = right if isinstance(right, dict) else {}
        return ours.keys() == theirs.keys() and all(
            is_same_answer(ours[key], theirs[key], known.get(key), rough) for key in ours
        )
    return bool(ours == theirs)


def _match_parts(right: Any, ours: Any) -> list[Any]:
    if isinstance(right, (list, tuple)) and len(right) == len(ours):
        return list(right)
    return [None] * len(ours)


def _is_same_tensor(ours: torch.Tensor, theirs: torch.Tensor, right: Any, rough: bool) -> bool:
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return False
    if not ours.dtype.is_floating_point:
        return bool(torch.equal(ours, theirs))
    # NaN and the two infinities must stand in the same places; no distance can be taken to them.
    finite = torch.isfinite(ours)
    kinds = [torch.nan_to_num(part, 0, 1, -1)[~finite] for part in (ours, theirs)]
    if not torch.equal(ours.isnan(), theirs.isnan()) or not torch.equal(*kinds):
        return False
    # Two ways to compute the same differ by some roundings of the largest number on the way.
    largest = _find_largest(ours.double()[finite])
    noise = ROUNDINGS * torch.finfo(ours.dtype).eps * max(1.0, largest)
    apart = _find_largest((ours.double() - theirs.double())[finite])
    roughly = ROUNDINGS * FLOAT32 * max(1.0, largest) if rough else noise
    if not isinstance(right, torch.Tensor) or _get_form(right) != _get_form(ours):
        return apart <= max(roughly, noise)
    distance = torch.where(finite & torch.isfinite(right), (ours - right).abs().double(), 0.0)
    # What is zero and what is not is a difference, however small: a forbidden weight of 1e-22
    # is a wrong answer, and a mistake that gives 0 there does not make it.
    # Where rounding is no matter, neither is a zero that it has moved.
    odd = distance > noise
    if not rough:
        odd = odd | ((ours == 0) != (right == 0))
    if not torch.equal((ours == 0)[odd], (theirs == 0)[odd]):
        return False
    furthest = _find_largest(distance)
    if noise < furthest <= roughly:
        return apart <= roughly
    return apart <= max(SHARE * furthest, noise)


def _get_form(tensor: torch.Tensor) -> tuple[torch.Size, torch.dtype]:
    return tensor.shape, tensor.dtype


def _find_largest(tensor: torch.Tensor) -> float:
    return float(tensor.abs().max()) if tensor.numel() else 0.0
