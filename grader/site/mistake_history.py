"""The known mistakes that attempts looked like, and when each was fixed; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.grading.outcome import Attempt
from grader.site.site_data import SiteData


@dataclass(frozen=True, slots=True)
class MetMistake:
    """A known mistake that the answers of an attempt looked like."""

    exercise: str
    mistake: str
    says: str
    """The mistake's sentence, or its name where the course no longer has it."""
    claim: str
    """The claim of the first check that broke."""
    first: Attempt
    """The first attempt that looked like it."""
    seen: int
    """How many attempts looked like it."""
    fixed: Attempt | None
    """The attempt that fixed it; None until then."""
    attempts: int
    """The number of attempts after the first, up to and including the one that fixed it."""


def find_met_mistakes(site: SiteData, exercise: str) -> list[MetMistake]:
    """Find the mistakes met in one exercise, in the order in which they first appeared."""
    tries = site.list_attempts(exercise)
    claims = {claim.name: claim.claim or claim.name for claim in site.claims.get(exercise, ())}
    at: dict[str, list[int]] = {}
    for number, attempt in enumerate(tries):
        if attempt.mistake:
            at.setdefault(attempt.mistake, []).append(number)
    return [
        _trace_mistake(site, tries, claims, mistake, numbers) for mistake, numbers in at.items()
    ]


def _trace_mistake(
    site: SiteData, tries: list[Attempt], claims: dict[str, str], mistake: str, at: list[int]
) -> MetMistake:
    first, last = tries[at[0]], tries[at[-1]]
    broken = find_first_broken(tuple(claims), last)
    end = next((n for n in range(at[-1] + 1, len(tries)) if _is_fixed(tries[n], broken)), None)
    return MetMistake(
        exercise=first.exercise,
        mistake=mistake,
        says=site.mistakes.get(first.exercise, {}).get(mistake, mistake),
        claim=claims.get(broken, broken) if broken else "",
        first=first,
        seen=len(at),
        fixed=None if end is None else tries[end],
        attempts=(len(tries) - 1 if end is None else end) - at[0],
    )


def _is_fixed(attempt: Attempt, broken: str | None) -> bool:
    """Return whether the claim that broke holds again."""
    return attempt.verdict == "passed" or attempt.checks.get(broken or "") == "passed"


def find_first_broken(names: Sequence[str], attempt: Attempt) -> str | None:
    """Return the first check that did not pass, in file order; checks now gone come last."""
    known = set(names)
    order = [name for name in names if name in attempt.checks]
    order += [name for name in attempt.checks if name not in known]
    return next((name for name in order if attempt.checks[name] != "passed"), None)


def find_all_met_mistakes(site: SiteData) -> list[MetMistake]:
    """Find the mistakes met in all exercises, in course order."""
    return [
        mistake
        for exercise in site.course.iterate_exercises()
        for mistake in find_met_mistakes(site, exercise.id)
    ]
