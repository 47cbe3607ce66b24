"""Wrong answers whose entries are wrong in one way: another symbol, one off, left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.evidence import Evidence
from grader.grading.judge.relations.numbers import find_near

LEAST = 3
"""So many entries must be wrong, in two questions or more."""
MOST = 50_000
"""Longer answers are not looked through."""

Entries = list[Any]


def find_replaced_entry(evidence: Evidence) -> str | None:
    """Say that one entry always stands where another is expected, or that two are exchanged.

    Compared are texts, lists and tensors of whole numbers, entry by entry. Every place where the
    entry is expected must have the other, in right answers too, and nothing else may be wrong.
    Silent for booleans, for answers of another length, and for fewer than three wrong entries.
    """
    pairs = [_read(one) for one in evidence.wrong]
    found: dict[Any, Any] = {}
    count = 0
    for pair in pairs:
        if pair is None or len(pair[0]) != len(pair[1]):
            return None
        for want, got in zip(*pair, strict=True):
            if want != got:
                count += 1
                if found.setdefault(want, got) != got:
                    return None
    if count < LEAST or len(pairs) < 2 or len(found) > 2 or not _is_always(found, evidence):
        return None
    (want, got), *others = found.items()
    if others and others != [(got, want)]:
        return None
    if others:
        return f"{want!r} and {got!r} are in each other's place; everything else is right."
    return f"Wherever {want!r} is expected, {got!r} is returned; everything else is right."


def find_offset(evidence: Evidence) -> str | None:
    """Say that every wrong entry is off by the same whole number.

    Compared are lists and tensors of whole numbers with three different wrong entries or more, in
    two questions or more. Silent where two entries are off by different numbers.
    """
    offsets: set[int] = set()
    wrong: set[int] = set()
    for one in evidence.wrong:
        pair = _read(one)
        if pair is None or len(pair[0]) != len(pair[1]) or not _are_whole(pair):
            return None
        for want, got in zip(*pair, strict=True):
            if want != got:
                offsets.add(got - want)
                wrong.add(want)
    if len(offsets) != 1 or len(wrong) < LEAST or len(evidence.wrong) < 2:
        return None
    (offset,) = offsets
    way = "large" if offset > 0 else "small"
    return f"Each wrong entry is too {way} by {abs(offset)}."


def find_constant_entry(evidence: Evidence) -> str | None:
    """Say that every wrong entry of a tensor has one value: 0, True or False.

    It needs three wrong entries or more, in two questions or more, and right entries of other
    values beside them. Silent where one wrong entry has another value.
    """
    wrong: set[Any] = set()
    right: set[Any] = set()
    count = 0
    for one in evidence.wrong:
        want, got = one.want, one.got
        if not isinstance(want, torch.Tensor) or not isinstance(got, torch.Tensor):
            return None
        if (want.shape, want.dtype) != (got.shape, got.dtype) or want.numel() > MOST:
            return None
        near = find_near(got, want)
        count += int((~near).sum())
        wrong |= set(got[~near].tolist())
        right |= set(got[near].tolist()[:LEAST])
    if len(wrong) != 1 or count < LEAST or len(evidence.wrong) < 2 or not right - wrong:
        return None
    (value,) = wrong
    if type(value) is bool:
        return f"Every wrong entry is {value}."
    return "Every wrong entry is 0." if value == 0 else None


def find_missing_entry(evidence: Evidence) -> str | None:
    """Say that one entry is always left out, or that the answer always ends too early.

    The entry is missing at every place where it is expected, in right answers too, and the rest
    is right. An answer ends too early if it is the beginning of the expected one in three
    questions or more.
    """
    pairs = [_read(one) for one in evidence.wrong]
    if len(pairs) < 2 or any(pair is None for pair in pairs):
        return None
    known = [pair for pair in pairs if pair is not None]
    missing = set.intersection(*({*want} - {*got} for want, got in known))
    for entry in missing:
        if all([e for e in want if e != entry] == got for want, got in known) and not any(
            entry in pair[0] for one in evidence.right if (pair := _read(one)) is not None
        ):
            return f"Every {entry!r} is missing; everything else is right."
    lengths = {len(want) - len(got) for want, got in known}
    early = all(len(set(got)) > 1 and want[: len(got)] == got for want, got in known)
    if early and len(known) >= LEAST and len(lengths) > 1 and min(lengths) > 0:
        return f"{evidence.subject} ends too early: it is the beginning of the expected one."
    return None


def _read(one: Asked) -> tuple[Entries, Entries] | None:
    """Return the entries of both answers; None where they have none of one kind."""
    if type(one.want) is not type(one.got):
        return None
    if isinstance(one.want, (str, bytes, list)):
        pair = list(one.want), list(one.got)
    elif _is_whole_tensor(one.want) and _is_whole_tensor(one.got):
        if one.want.shape != one.got.shape:
            return None
        pair = one.want.flatten().tolist(), one.got.flatten().tolist()
    else:
        return None
    if max(map(len, pair)) > MOST or not all(map(_is_symbol, (*pair[0], *pair[1]))):
        return None
    return pair


def _is_whole_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and not (
        value.dtype.is_floating_point or value.dtype.is_complex or value.dtype == torch.bool
    )


def _is_symbol(entry: Any) -> bool:
    return type(entry) in (int, str, bytes)


def _are_whole(pair: tuple[Entries, Entries]) -> bool:
    return all(type(entry) is int for entries in pair for entry in entries)


def _is_always(found: dict[Any, Any], evidence: Evidence) -> bool:
    """Return whether no entry that is replaced somewhere is right somewhere else."""
    return not any(entry in found for entry in _list_right_entries(evidence))


def _list_right_entries(evidence: Evidence) -> Iterator[Any]:
    questions: Sequence[Asked] = (*evidence.wrong, *evidence.right)
    for one in questions:
        pair = _read(one)
        if pair is not None and len(pair[0]) == len(pair[1]):
            yield from (want for want, got in zip(*pair, strict=True) if want == got)
