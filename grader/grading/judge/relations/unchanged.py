"""Answers that stay the same: whatever an argument is, or what went in comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import torch

from grader.grading.judge.comparison import is_same_answer
from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.evidence import Evidence
from grader.grading.judge.relations.numbers import as_tensor, count_distinct, is_near
from grader.grading.protocol.raised import Raised

LEAST_DISTINCT = 3
"""An answer with fewer distinct numbers says little."""


def find_ignored_argument(evidence: Evidence) -> str | None:
    """Say that another argument leaves the answer as it is, and not the expected one.

    Compared are questions of one check that differ in this argument alone: each such pair has
    equal answers, although other answers are expected, and there is no other pair. Silent where
    an answer is constant or has few numbers, and where two arguments seem to be ignored.
    """
    ignored, heeded = _sort_arguments((*evidence.wrong, *evidence.right))
    left = ignored - heeded
    if len(left) != 1:
        return None
    # No more is said than was seen: code that uses the argument may do so elsewhere.
    subject = evidence.subject[0].lower() + evidence.subject[1:]
    return f"Where `{left.pop()}` alone is another, {subject} is the same; the expected one is not."


def list_heeded(asked: Sequence[Asked]) -> set[str]:
    """Return the arguments on which some answers do depend, where they should."""
    return _sort_arguments([one for one in asked if not isinstance(one.got, Raised)])[1]


def _sort_arguments(asked: Sequence[Asked]) -> tuple[set[str], set[str]]:
    """Return the arguments whose change leaves an answer as it is, and those that change one."""
    ignored: set[str] = set()
    heeded: set[str] = set()
    for first, second in combinations(asked, 2):
        name = _find_difference(first, second)
        if name is None or is_same_answer(first.want, second.want, second.want):
            continue
        alike = is_same_answer(first.got, second.got, second.got) and _is_rich(first.got)
        (ignored if alike else heeded).add(name)
    return ignored, heeded


def find_returned_argument(evidence: Evidence) -> str | None:
    """Say that every wrong answer is one of the arguments, unchanged.

    Silent for answers of few distinct numbers, and where the answer is only equal to an argument
    because another answer is expected to be so too.
    """
    names = [set(_list_equal(one)) for one in evidence.wrong]
    common = set.intersection(*names)
    if len(common) != 1:
        return None
    where = "is, where it is wrong," if evidence.right else "is"
    return f"{evidence.subject} {where} the argument `{common.pop()}` unchanged."


def _find_difference(first: Asked, second: Asked) -> str | None:
    """Return the one argument in which two questions of a check differ; None for any other two."""
    if (first.check, first.op, first.state) != (second.check, second.op, second.state):
        return None
    names = first.digests.keys() | second.digests.keys()
    other = [name for name in names if first.digests.get(name) != second.digests.get(name)]
    return other[0] if len(other) == 1 else None


def is_equal(ours: Any, theirs: Any) -> bool:
    """Return whether two arguments are equal, bit for bit."""
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, torch.Tensor):
        return ours.dtype == theirs.dtype and torch.equal(ours, theirs)
    if isinstance(ours, np.ndarray):
        return ours.dtype == theirs.dtype and np.array_equal(ours, theirs)
    if isinstance(ours, (list, tuple)):
        return len(ours) == len(theirs) and all(map(is_equal, ours, theirs))
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(is_equal(ours[k], theirs[k]) for k in ours)
    return bool(ours == theirs)


def _is_rich(value: Any) -> bool:
    if isinstance(value, (str, bytes)):
        return len(set(value)) >= LEAST_DISTINCT
    tensor = as_tensor(value)
    if tensor is not None:
        return count_distinct([tensor]) >= LEAST_DISTINCT
    return isinstance(value, (list, tuple)) and len(value) >= LEAST_DISTINCT


def _list_equal(one: Asked) -> Iterator[str]:
    if not _is_rich(one.got):
        return
    for name, argument in one.arguments.items():
        if isinstance(one.got, torch.Tensor) and isinstance(argument, torch.Tensor):
            if is_near(one.got, argument.detach()):
                yield name
        elif not isinstance(one.got, torch.Tensor) and is_equal(one.got, argument):
            yield name
