"""Which known mistake a wrong answer looks like: a rule over what the replay has shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def fitting(evidence: Mapping[str, Mapping[str, bool]], failed: Sequence[str]) -> str | None:
    """The mistake that gives the learner's wrong answers, or None when none does, or several.

    ``evidence`` says, per mistake and check, whether its answers were the learner's; ``failed``
    lists the failed checks in order. A mistake must explain the first failed check that can be
    compared, since that is the one the learner reads. Of those that do, the one that explains
    the most failed checks is named, then the most checks of all; a draw names nobody.
    """
    compared = [name for name in failed if any(name in shown for shown in evidence.values())]
    if not compared:
        return None
    explained = {
        mistake: (sum(shown.get(name, False) for name in compared), sum(shown.values()))
        for mistake, shown in evidence.items()
        if shown.get(compared[0], False)
    }
    most = max(explained.values(), default=(0, 0))
    best = [mistake for mistake, count in explained.items() if count == most]
    return best[0] if len(best) == 1 else None
