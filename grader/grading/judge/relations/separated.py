"""One property of the question that separates wrong answers from right ones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.evidence import Evidence
from grader.grading.judge.relations.numbers import pair_floats
from grader.grading.judge.relations.properties import compare_arguments, describe_argument

SMALL = 1e-4
LEAST_WRONG, LEAST_RIGHT = 3, 7
"""So many different questions must be answered wrong, and right."""
CHANCE = 0.01
"""Of two sizes much can be said. So likely may it be that chance separates the answers by it."""


def find_separation(evidence: Evidence) -> str | None:
    """Say that the answers are wrong exactly where the question has one property.

    It separates wrong from right over all that was asked of the function, over at least three
    different questions that are answered wrong (or by an error) and seven that are answered
    right. Silent where no property or more than one does: which of two is the cause cannot be
    told.
    """
    wrong = _list_different([*evidence.wrong, *evidence.raised])
    right = _list_different(evidence.right)
    if len(wrong) < LEAST_WRONG or len(right) < LEAST_RIGHT:
        return None
    known = _list_all_properties([*wrong, *right])
    # What is not said of a question (a text's letters, where a list was given) is not so.
    names = dict.fromkeys(name for properties in known for name in properties)
    expected = [True] * len(wrong) + [False] * len(right)
    fitting = [name for name in names if [one.get(name, False) for one in known] == expected]
    if len(fitting) == 1 and fitting[0] in compare_arguments(wrong[0].arguments):
        fitting = fitting if _is_no_chance(wrong, right) else []
    fitting = fitting or list(_list_signs(wrong, right))
    if any(map(_is_almost_right, evidence.wrong)):
        # A small error is within float32's rounding and shows in float64 alone.
        fitting = [name for name in fitting if not name.endswith(("float64", "float32"))]
    if len(fitting) != 1:
        return None
    others = f"it is right in all {len(right)} other cases"
    return f"{evidence.subject} is wrong exactly where {fitting[0]}; {others}."


def _list_signs(wrong: Sequence[Asked], right: Sequence[Asked]) -> Iterator[str]:
    """Yield the signs that each text of a wrong answer has, and no other text."""
    for name, value in wrong[0].arguments.items():
        texts = [[one.arguments.get(name, "") for one in part] for part in (wrong, right)]
        if isinstance(value, str) and all(isinstance(text, str) for text in (*texts[0], *texts[1])):
            common = set.intersection(*map(set, texts[0])) - set().union(*texts[1])
            # A sign may have a rule of its own; that some words share a letter is chance.
            signs = sorted(letter for letter in common if not letter.isalnum())
            yield from (f"`{name}` has the character {sign!r}" for sign in signs)


def _is_no_chance(wrong: Sequence[Asked], right: Sequence[Asked]) -> bool:
    """Return whether what separates wrong from right by two sizes is hardly a coincidence.

    As many answers could be wrong in so many ways; a comparison would fit some of these.
    """
    compared = [compare_arguments(one.arguments) for one in (*wrong, *right)]
    names = dict.fromkeys(name for one in compared for name in one)
    patterns = {tuple(one.get(name, False) for one in compared) for name in names}
    return len(patterns) <= CHANCE * math.comb(len(compared), len(wrong))


def _list_different(questions: Sequence[Asked]) -> list[Asked]:
    return list({tuple(sorted(one.digests.items())): one for one in questions}.values())


def _list_all_properties(questions: Sequence[Asked]) -> list[dict[str, bool]]:
    """Return each question's properties; an argument of many questions is looked at once."""
    seen: dict[tuple[str, str], dict[str, bool]] = {}
    found = []
    for one in questions:
        properties: dict[str, bool] = {}
        for name, value in one.arguments.items():
            key = (name, one.digests[name])
            if key not in seen:
                seen[key] = describe_argument(name, value)
            properties |= seen[key]
        # A tensor's form follows from the arguments'; what a text or a list holds may not.
        known = isinstance(one.want, (str, bytes, list))
        expected = describe_argument("the expected answer", one.want) if known else {}
        found.append(properties | compare_arguments(one.arguments) | expected)
    return found


def _is_almost_right(one: Asked) -> bool:
    pairs = pair_floats(one.want, one.got) or []
    return any(bool(((got - want).abs() <= SMALL * want.abs().max()).all()) for want, got in pairs)
