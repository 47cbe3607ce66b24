"""Wrong answers that are right, or wrong, at one end of a dimension alone."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.evidence import Evidence
from grader.grading.judge.relations.numbers import find_near, pair_numbers

LEAST_ANSWERS = 2
LEAST_SIZE = 3
"""A dimension of two cannot tell the first entry alone from all but the last."""
FIRST, LAST = "first", "last"


def find_position(evidence: Evidence) -> str | None:
    """Say that each wrong answer is right for the first sequence of the batch alone, and so on.

    Compared are tensors of two dimensions or more, and along the batch (the first of three or
    more) and the tokens (the last but one). The right or wrong entry must be the same in every
    wrong answer: the first or the last of three or more, and all others must be the opposite.
    Silent where shapes differ, where two of these sentences hold, and for a single wrong answer.
    """
    if len(evidence.wrong) < LEAST_ANSWERS:
        return None
    found = [set(_list_positions(one)) for one in evidence.wrong]
    common = set.intersection(*found)
    if len(common) != 1:
        return None
    (axis, right, end) = common.pop()
    entry = {"batch": "sequence of the batch", "token": "token", "row": "row"}[axis]
    if right:
        return f"{evidence.subject} is right for the {end} {entry} alone."
    return f"{evidence.subject} is wrong for the {end} {entry} alone."


def _list_positions(one: Asked) -> Iterator[tuple[str, bool, str]]:
    pairs = pair_numbers(one.want, one.got)
    if pairs is None or len(pairs) != 1:
        return
    want, got = pairs[0]
    near = find_near(got, want)
    for axis, dim in _list_axes(want):
        size = want.shape[dim]
        if size < LEAST_SIZE or not want.numel():
            continue
        right = near.movedim(dim, 0).reshape(size, -1).all(1).tolist()
        for end, place in ((FIRST, 0), (LAST, size - 1)):
            others = [flag for index, flag in enumerate(right) if index != place]
            if all(flag is not right[place] for flag in others):
                yield axis, right[place], end


def _list_axes(want: torch.Tensor) -> list[tuple[str, int]]:
    if want.dim() >= 3 and want.dtype.is_floating_point:
        return [("batch", 0), ("token", want.dim() - 2)]
    return [("row", 0)] if want.dim() == 2 else []
