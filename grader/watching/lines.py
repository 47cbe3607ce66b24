"""A view in words: the same for the screen, which adds keys, and for a pipe."""

from __future__ import annotations

from grader.console import overview, verdict
from grader.console.paint import paint, wrapped
from grader.outcome import CheckResult, Outcome
from grader.watching.view import View


def head(view: View) -> list[str]:
    """The exercise, how it stands, and how far the learner has come."""
    return [*status(view), overview.far(view.progress)]


def status(view: View) -> list[str]:
    """The exercise and its verdict, or what is under way."""
    if view.batch is not None:
        return [_of_all(view)]
    if view.exercise is None:
        nothing = "nothing in hand: n takes the next exercise"
        return [nothing if view.progress.next else wrapped(overview.done(view.course))]
    name = f"{paint(view.exercise.id, 'name')}  "
    title = paint(view.exercise.title, "strong")
    if view.outcome is not None:
        return [verdict.headline(view.outcome), title]
    found = f"checking, {len(view.checks)} of {len(view.claims)} checks done"
    word = {"starting": "starting the grader", "checking": found, "idle": "waiting for a save"}
    return [name + paint(word[view.work], "odd"), title]


def body(view: View, height: int) -> list[str]:
    """What follows: the claims, and the first failure in full, or what there is to do."""
    if view.batch is not None:
        return _batch(view.batch)
    if view.exercise is None:
        return []
    outcome = view.outcome
    if outcome is None:
        return claims(view)
    if outcome.verdict == "open":
        return overview.introduction(view.exercise, view.where, view.lesson)
    if outcome.verdict in ("error", "grader_error"):
        return verdict.trouble(outcome)
    if outcome.verdict == "passed":
        return [_passed(view), *claims(view)]
    return _failed(view, height)


def claims(view: View) -> list[str]:
    """Each claim with its state."""
    found: dict[str, CheckResult] = {check.name: check for check in view.checks}
    if view.outcome is not None:
        found = {check.name: check for check in view.outcome.checks}
    return [
        verdict.claim(found[claim.name]) if claim.name in found else verdict.unjudged(claim.claim)
        for claim in view.claims
    ]


def brief(outcome: Outcome) -> list[str]:
    """One line, and one more where it is not a pass."""
    first = outcome.first_failure
    if outcome.verdict == "failed" and first is not None:
        return [verdict.headline(outcome), wrapped(first.claim or first.name, "    ")]
    if outcome.verdict in ("error", "grader_error"):
        return [verdict.headline(outcome), *verdict.trouble(outcome)[:1]]
    return [verdict.headline(outcome)]


def _batch(outcomes: tuple[Outcome, ...]) -> list[str]:
    """What was graded, exercise by exercise; what is not written yet only as a number."""
    written = [outcome for outcome in outcomes if outcome.verdict != "open"]
    found = [line for outcome in written for line in brief(outcome)]
    untouched = len(outcomes) - len(written)
    return [*found, paint(f"{untouched} not written yet", "faint")] if untouched else found


def _failed(view: View, height: int) -> list[str]:
    """The claims, then the failure; the failure comes first where there is no room for both."""
    assert view.outcome is not None
    all_claims, failure = claims(view), verdict.failure(view.outcome)
    rows = sum(text.count("\n") + 1 for text in [*all_claims, *failure]) + 1
    if rows <= height:
        return [*all_claims, "", *failure]
    return [*failure, "", *all_claims]


def _passed(view: View) -> str:
    following = view.progress.next
    after = f"; next is {following}" if following else "; " + overview.done(view.course)
    recorded = "" if view.outcome is not None and view.outcome.unrecorded else " and recorded"
    return wrapped(f"Passed{recorded}{after}")


def _of_all(view: View) -> str:
    batch = view.batch or ()
    passed = sum(outcome.verdict == "passed" for outcome in batch)
    word = f"{passed} of {view.whole} passed"
    if view.work != "idle":
        word = f"grading all: {len(batch)} of {view.whole} done"
    return paint(word, "strong")
