"""A view in words: the same for the screen, which adds keys, and for a pipe."""

from __future__ import annotations

from grader.cli.console import overview, verdict
from grader.cli.console.finish import format_try
from grader.cli.console.terminal import paint, wrap
from grader.cli.console.training import format_expected
from grader.cli.watch.view import View
from grader.grading.outcome import CheckResult, Outcome
from grader.learner.progress import is_finished


def format_head(view: View) -> list[str]:
    """Return the exercise, its verdict, and how far the learner has come."""
    return [*format_status(view), overview.format_progress(view.progress)]


def format_status(view: View) -> list[str]:
    """Return the exercise and its verdict, or what is under way."""
    if view.batch is not None:
        return [_format_all(view)]
    if view.exercise is None:
        nothing = "no current exercise: n takes the next one"
        return [nothing if view.progress.next else wrap(overview.format_done(view.course))]
    name = f"{paint(view.exercise.id, 'name')}  "
    title = paint(view.exercise.title, "strong")
    if view.outcome is not None:
        return [verdict.format_headline(view.outcome), title]
    return [name + paint(_format_work(view), "odd"), title]


def _format_work(view: View) -> str:
    if view.work == "idle":
        return "waiting for a save"
    if view.work == "starting":
        return "starting the grader"
    found = f"checking, {len(view.checks)} of {len(view.claims)} checks done"
    expected = format_expected(view.exercise) if view.exercise is not None else ""
    more = view.steps or (f"{expected} in all" if expected else "")
    return f"{found}; {more}" if more else found


def format_body(view: View, height: int) -> list[str]:
    """Return what follows: the claims and the first failure in full, or what there is to do."""
    if view.batch is not None:
        return _format_batch(view.batch)
    if view.exercise is None:
        return []
    outcome = view.outcome
    if outcome is None:
        return format_claims(view)
    if outcome.verdict == "open":
        return overview.format_introduction(view.exercise, view.where, view.lesson)
    if outcome.verdict in ("error", "grader_error"):
        return verdict.format_trouble(outcome)
    if outcome.verdict == "passed":
        return [_format_passed(view), *format_claims(view)]
    return _format_failed(view, height)


def format_claims(view: View) -> list[str]:
    """Return each claim with its state."""
    found: dict[str, CheckResult] = {check.name: check for check in view.checks}
    if view.outcome is not None:
        found = {check.name: check for check in view.outcome.checks}
    return [
        verdict.format_claim(found[claim.name])
        if claim.name in found
        else verdict.format_unjudged(claim.claim)
        for claim in view.claims
    ]


def format_brief(outcome: Outcome) -> list[str]:
    """Return one line, and one more where it is not a pass."""
    first = outcome.first_failure
    if outcome.verdict == "failed" and first is not None:
        return [verdict.format_headline(outcome), wrap(first.claim or first.name, "    ")]
    if outcome.verdict in ("error", "grader_error"):
        return [verdict.format_headline(outcome), *verdict.format_trouble(outcome)[:1]]
    return [verdict.format_headline(outcome)]


def _format_batch(outcomes: tuple[Outcome, ...]) -> list[str]:
    """Return what was graded, by exercise; what is not written yet only as a number."""
    written = [outcome for outcome in outcomes if outcome.verdict != "open"]
    found = [line for outcome in written for line in format_brief(outcome)]
    untouched = len(outcomes) - len(written)
    return [*found, paint(f"{untouched} not written yet", "faint")] if untouched else found


def _format_failed(view: View, height: int) -> list[str]:
    """Return the claims, then the failure; the failure is first where there is no room for both."""
    assert view.outcome is not None
    all_claims, failure = format_claims(view), verdict.format_failure(view.outcome)
    rows = sum(text.count("\n") + 1 for text in [*all_claims, *failure]) + 1
    if rows <= height:
        return [*all_claims, "", *failure]
    return [*failure, "", *all_claims]


def _format_passed(view: View) -> str:
    following = view.progress.next
    after = f"; next is {following}" if following else "; " + overview.format_done(view.course)
    recorded = "" if view.outcome is not None and view.outcome.unrecorded else " and recorded"
    reached = f"{_format_unit(view)}{_format_phase(view)}{_format_milestones(view)}"
    return wrap(f"Passed{recorded}{after}{reached}")


def _format_unit(view: View) -> str:
    """Return what to try where the exercise's unit is finished."""
    units = {unit.id: unit for unit in view.course.iterate_units()}
    unit = units.get(view.exercise.unit) if view.exercise is not None else None
    if unit is None or unit.finish is None or not is_finished(unit, view.progress):
        return ""
    return f". {unit.title} is finished: {format_try(unit)}"


def _format_phase(view: View) -> str:
    """Return that the exercise's phase is finished, where it is."""
    for phase in view.course.phases:
        units = [unit for unit in phase.units if unit.exercises]
        if view.exercise is not None and view.exercise.unit in [unit.id for unit in units]:
            whole = all(is_finished(unit, view.progress) for unit in units)
            return f". The phase {phase.title} is finished" if whole else ""
    return ""


def _format_milestones(view: View) -> str:
    """Return the milestones that need the exercise, and can be run or are reached."""
    needing = [one for one in view.progress.milestones if view.current_id in one.milestone.needs]
    ready = [f". Next: grade milestone {one.milestone.id}" for one in needing if one.is_ready]
    reached = [f". Milestone reached: {one.milestone.title}" for one in needing if one.is_reached]
    return "".join(ready + reached)


def _format_all(view: View) -> str:
    batch = view.batch or ()
    passed = sum(outcome.verdict == "passed" for outcome in batch)
    word = f"{passed} of {view.whole} passed"
    if view.work != "idle":
        word = f"grading all: {len(batch)} of {view.whole} done"
    return paint(word, "strong")
