"""Parts of an answer that stand in the place of another part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.evidence import Evidence
from grader.grading.judge.relations.numbers import as_tensor, count_distinct, is_near

MOST = 3
"""So many names are said; more are left out."""

Parts = dict[str, torch.Tensor]


def find_exchange(evidence: Evidence) -> str | None:
    """Say that what stands under one name, or at one place, is what is expected under another.

    The parts are the entries of a dict, of a list of names with values, or of a tuple. Every
    wrong part of every wrong answer must be the one other part that has its values, and each
    with the same other name. Silent where two expected parts are alike, where a part holds fewer
    than two distinct numbers, and where nothing is exchanged.
    """
    moved: dict[str, str] = {}
    for one in evidence.wrong:
        want, got = read_parts(one.want), read_parts(one.got)
        if want is None or got is None:
            return None
        found = _match(want, got)
        if not found or any(moved.get(name, other) != other for name, other in found.items()):
            return None
        moved |= found
    return _describe(evidence, _shorten(moved))


def find_other_names(asked: Sequence[Asked]) -> str | None:
    """Say that a mapping holds the expected values in their order, under other names.

    Silent where one value differs in shape or in its numbers, and where a name alone is missing.
    """
    for one in asked:
        if not one.failed or one.same:
            continue
        if type(one.want) is not type(one.got):
            continue
        want, got = read_parts(one.want), read_parts(one.got)
        if want is None or got is None or len(want) != len(got) or want.keys() == got.keys():
            continue
        pairs = zip(want.items(), got.items(), strict=True)
        if all(is_near(ours, theirs) for (_, theirs), (_, ours) in pairs):
            others = {name: other for other, name in zip(want, got, strict=True) if name != other}
            return _describe_names(others)
    return None


def read_parts(value: Any) -> Parts | None:
    """Return the tensors of an answer by name; None where it has no names or other values."""
    if type(value) is list and value and all(_is_named(entry) for entry in value):
        value = dict(value)
    elif type(value) is tuple:
        value = {f"entry {place}": entry for place, entry in enumerate(value)}
    if type(value) is not dict or len(value) < 2 or not all(type(name) is str for name in value):
        return None
    parts = {name: as_tensor(entry) for name, entry in value.items()}
    known = {name: part for name, part in parts.items() if part is not None}
    return known if len(known) == len(parts) else None


def _is_named(entry: Any) -> bool:
    return type(entry) in (tuple, list) and len(entry) == 2 and type(entry[0]) is str


def _match(want: Parts, got: Parts) -> dict[str, str] | None:
    """Return, for each wrong name, the name whose part stands there; None where there is none."""
    if want.keys() != got.keys():
        return None
    found = {}
    for name, ours in got.items():
        if is_near(ours, want[name]):
            continue
        others = [other for other, theirs in want.items() if is_near(ours, theirs)]
        if len(others) != 1 or count_distinct([ours]) < 2:
            return None
        found[name] = others[0]
    return found


def _shorten(moved: dict[str, str]) -> dict[str, str]:
    """Return names without the ending that both have: ``blocks.1`` for ``blocks.1.up.weight``."""
    shorter = {}
    for name, other in moved.items():
        ours, theirs = name.split("."), other.split(".")
        while len(ours) > 1 and len(theirs) > 1 and ours[-1] == theirs[-1]:
            del ours[-1], theirs[-1]
        shorter[".".join(ours)] = ".".join(theirs)
    # Shortened, two names can be one: only if all that is below them agrees.
    return shorter if len(set(shorter.items())) == len(shorter) else moved


def _describe(evidence: Evidence, moved: dict[str, str]) -> str | None:
    if not moved:
        return None
    name, other = next(iter(moved.items()))
    if moved == {name: other, other: name}:
        return f"`{name}` and `{other}` are in each other's place; otherwise they are right."
    pairs = [f"`{ours}` has what is expected for `{theirs}`" for ours, theirs in moved.items()]
    text = ", ".join(pairs[:MOST])
    more = f", and {len(pairs) - MOST} more likewise" if len(pairs) > MOST else ""
    return f"{text}{more}."


def _describe_names(others: dict[str, str]) -> str:
    pairs = [f"`{ours}` for `{theirs}`" for ours, theirs in others.items()]
    text = ", ".join(pairs[:MOST])
    more = f" and {len(pairs) - MOST} more" if len(pairs) > MOST else ""
    return f"The values are the expected ones in their order; the names differ: {text}{more}."
