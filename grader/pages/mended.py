"""The mistakes that were met on the way, and when each was mended: pure rules over attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.outcome import Attempt
from grader.pages.scene import Scene


@dataclass(frozen=True, slots=True)
class Met:
    """One known mistake that the learner's answers once looked like."""

    exercise: str
    mistake: str
    says: str
    """The mistake's sentence, or its name where the course no longer has it."""
    claim: str
    """What the check that broke first claims."""
    first: Attempt
    """The attempt that met it first."""
    seen: int
    """How many attempts looked like it."""
    mended: Attempt | None
    """The attempt that was rid of it; None while it is in hand."""
    attempts: int
    """Attempts from the first that met it to the one that was rid of it, that one counted."""


def met(scene: Scene, exercise: str) -> list[Met]:
    """The mistakes met in one exercise, in the order of their first meeting."""
    tries = scene.tried(exercise)
    claims = {claim.name: claim.claim or claim.name for claim in scene.claims.get(exercise, ())}
    at: dict[str, list[int]] = {}
    for number, attempt in enumerate(tries):
        if attempt.mistake:
            at.setdefault(attempt.mistake, []).append(number)
    return [_met(scene, tries, claims, mistake, places) for mistake, places in at.items()]


def _met(
    scene: Scene, tries: list[Attempt], claims: dict[str, str], mistake: str, at: list[int]
) -> Met:
    first, last = tries[at[0]], tries[at[-1]]
    broken = first_broken(tuple(claims), last)
    rid = next((n for n in range(at[-1] + 1, len(tries)) if _holds(tries[n], broken)), None)
    return Met(
        exercise=first.exercise,
        mistake=mistake,
        says=scene.mistakes.get(first.exercise, {}).get(mistake, mistake),
        claim=claims.get(broken, broken) if broken else "",
        first=first,
        seen=len(at),
        mended=None if rid is None else tries[rid],
        attempts=(len(tries) - 1 if rid is None else rid) - at[0],
    )


def _holds(attempt: Attempt, broken: str | None) -> bool:
    """Whether the claim that broke holds again."""
    return attempt.verdict == "passed" or attempt.checks.get(broken or "") == "passed"


def first_broken(names: Sequence[str], attempt: Attempt) -> str | None:
    """The first check that did not pass, in the order of the check file, those now gone last."""
    known = set(names)
    order = [name for name in names if name in attempt.checks]
    order += [name for name in attempt.checks if name not in known]
    return next((name for name in order if attempt.checks[name] != "passed"), None)


def all_met(scene: Scene) -> list[Met]:
    """The mistakes of all exercises, in course order."""
    return [one for exercise in scene.course.exercises() for one in met(scene, exercise.id)]
