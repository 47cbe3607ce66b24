"""Which known mistake a wrong answer looks like: a rule over all that the replay has shown.

An explanation may be missing; one that is given must be right. So a mistake is named only if the
evidence as a whole fits it: the check that its author names is among the failed ones, it gives the
learner's answers in most of them, and it is right wherever the learner is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

Shown = Mapping[str, bool]
"""Per check that was compared: whether the mistake's answers are the learner's."""

WITH_FIRST, WITHOUT_FIRST = 1 / 2, 2 / 3
"""The share of the failed checks that a mistake must explain: where the first failed one, which
the learner reads, is among them, and where it is not."""


class Likeness(IntEnum):
    """How near a mistake comes to the learner's answers in a check."""

    OTHER = 0
    ROUGH = 1
    """The same but for float32's rounding."""
    SAME = 2


def list_candidates(caught_by: Mapping[str, str], failed: Sequence[str]) -> list[str]:
    """Return the mistakes whose own check is among the failed, by the order of those checks."""
    order = {check: number for number, check in enumerate(failed)}
    candidates = [mistake for mistake, check in caught_by.items() if check in order]
    return sorted(candidates, key=lambda mistake: order[caught_by[mistake]])


def can_fit(shown: Shown, failed: Sequence[str], passed: Sequence[str]) -> bool:
    """Return True if a mistake may fit, whatever the checks show that it was not yet asked.

    ``failed`` and ``passed`` are the checks that can be compared, in order; ``shown`` may lack
    some of them.
    """
    if not failed or not all(shown.get(name, True) for name in passed):
        return False
    share = WITH_FIRST if shown.get(failed[0], True) else WITHOUT_FIRST
    explained = sum(shown.get(name, True) for name in failed)
    return explained >= share * len(failed)


def explain(shown: Mapping[str, Likeness]) -> dict[str, bool]:
    """Return per check whether the answers are the learner's, at least roughly."""
    return {name: likeness > Likeness.OTHER for name, likeness in shown.items()}


def prefer_same(
    found: Mapping[str, Mapping[str, Likeness]], failed: Sequence[str], passed: Sequence[str]
) -> dict[str, dict[str, bool]]:
    """Return per mistake and check whether the mistake explains it.

    Where a mistake that fits gives the very answers, others do not explain them roughly: only a
    difference as small as rounding may tell the two apart.
    """
    settled = {
        name
        for shown in found.values()
        if can_fit(explain(shown), failed, passed)
        for name, likeness in shown.items()
        if likeness == Likeness.SAME
    }
    return {
        mistake: {
            name: likeness == Likeness.SAME or (likeness == Likeness.ROUGH and name not in settled)
            for name, likeness in shown.items()
        }
        for mistake, shown in found.items()
    }


def choose_mistake(
    evidence: Mapping[str, Shown],
    failed: Sequence[str],
    caught_by: Mapping[str, str],
) -> str | None:
    """Return the mistake that gives the learner's wrong answers; None for none, or several.

    ``evidence`` says per mistake what the checks showed, ``failed`` lists every check that the
    learner fails in order, and ``caught_by`` gives the check that catches each mistake. Of the
    mistakes that fit, the one that explains the most failed checks is named, then the most checks
    of all.
    """
    compared = {name for shown in evidence.values() for name in shown}
    wrong = [name for name in failed if name in compared]
    right = sorted(compared - set(failed))
    explained = {
        mistake: (sum(shown.get(name, False) for name in wrong), sum(shown.values()))
        for mistake, shown in evidence.items()
        if caught_by.get(mistake) in failed and can_fit(shown, wrong, right)
    }
    most = max(explained.values(), default=(0, 0))
    best = [mistake for mistake, count in explained.items() if count == most]
    # Two mistakes that explain the same cannot both be, so neither is named.
    return best[0] if len(best) == 1 else None
