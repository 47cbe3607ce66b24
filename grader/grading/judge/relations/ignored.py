"""An argument that the answer does not depend on, although the expected one does."""

from __future__ import annotations

import math
from collections.abc import Container

from grader.grading.judge.relations.asked import make_codec
from grader.grading.judge.relations.checks import Ask, Check, is_data, is_same
from grader.grading.judge.relations.gradient import GRADIENTS
from grader.grading.judge.relations.numbers import list_entries, pair_floats
from grader.grading.judge.relations.rewriting import Questions
from grader.grading.judge.relations.signatures import Signatures

LEAST = 2
"""So many changes of the argument must leave the answer as it is."""
LEAST_DISTINCT = 3
CLEAR = 1e-3
"""So large a part of the largest number must change: a smaller one is lost in a softmax."""
DIGITS = 3
"""Entries that agree in so many digits of the largest are not different: a softmax saturates."""


def find_ignored(
    check: Check,
    signatures: Signatures,
    ask_learner: Ask,
    ask_reference: Ask,
    heeded: Container[str] = (),
) -> str | None:
    """Say with which other argument the first wrong answer of a check stays the same.

    The argument, a number or a tensor, is changed in two ways that change the expected answer,
    and the learner's answer stays what it was. Silent unless another argument's change does
    change it, for answers of few different entries (a constant depends on nothing), where
    more than one argument is ignored, for the arguments ``heeded`` in other questions, and for
    gradients: one that is missing hides on what it would depend.
    """
    place = check.first_wrong
    if place is None or make_codec().unpack(check.questions[place])[0] == GRADIENTS:
        return None
    if not _is_rich(check.returned[place]) or not is_data(check.expected[place]):
        return None
    found = _try_changes(check, place, signatures, ask_learner, ask_reference)
    ignored = [name for name, known in found.items() if known == [False] * LEAST]
    changing = any(True in known for known in found.values())
    if len(ignored) != 1 or not changing or ignored[0] in heeded:
        return None
    return (
        f"With another `{ignored[0]}` your answer to this question is the same; the expected one "
        "is not."
    )


def _try_changes(
    check: Check, place: int, signatures: Signatures, ask_learner: Ask, ask_reference: Ask
) -> dict[str, list[bool]]:
    """Return by argument whether each change of it that should matter changes the answer."""
    questions = Questions(check.exchanges, signatures)
    found: dict[str, list[bool]] = {}
    for change in questions.list_changes(place):
        known = found.setdefault(change.subject, [])
        if not change.subject or True in known or len(known) >= LEAST:
            continue
        changed = (questions.rewrite(change) or [])[: place + 1]
        expected = ask_reference(changed) if changed else None
        if expected is None or not is_data(expected[-1]):
            continue
        if _is_another(expected[-1], check.expected[place]):
            returned, before = ask_learner(changed), check.returned[place]
            known.append(returned is None or not is_same(returned[-1], before, before))
    return found


def _is_another(changed: bytes, before: bytes) -> bool:
    """Return whether an expected answer changes by more than an answer like it could hide."""
    codec = make_codec()
    pairs = pair_floats(codec.unpack(before)[1], codec.unpack(changed)[1])
    if pairs is None:
        return not is_same(changed, before, before)
    return any(
        want.numel() and float((got - want).abs().max()) > CLEAR * float(want.abs().max())
        for want, got in pairs
    )


def _is_rich(answer: bytes) -> bool:
    if not is_data(answer):
        return False
    entries = set(list_entries(make_codec().unpack(answer)[1]))
    numbers = [entry for entry in entries if isinstance(entry, float) and math.isfinite(entry)]
    largest = max(map(abs, numbers), default=0.0)
    if largest:
        entries = {round(entry / largest, DIGITS) for entry in numbers}
    return len(entries) >= LEAST_DISTINCT
