"""What the trials of an exercise must show: pure rules over their results."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from grader.authoring.case import COSTS, UNREPEATABLE, Case
from grader.authoring.trial import TrialResult
from grader.base.errors import Fault
from grader.course.model import Mistake
from grader.course.source.syntax import differs_in_error_words_only

PATIENT = 6
"""The deadline of a call is at least so many times what the reference takes for it."""


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """What the trials of an exercise come to in numbers."""

    checks: int
    mistakes: int
    caught: int
    """The mistakes that fail the check that their author named."""
    slow: int
    """The mistakes that cannot be recognised by their answers: all that they fail are checks of
    time or memory, and checks that have the process killed."""
    named: int
    """The mistakes that were recognised by their answers."""
    seconds: float
    """The quickest run of the reference through all checks."""


def count_figures(case: Case, results: Sequence[TrialResult]) -> TrialFigures:
    """Count an exercise's figures; a mistake counts if each of its spellings does."""

    def count(holds: Callable[[Mistake, TrialResult], bool]) -> int:
        spelled = ((mistake, _select_spellings(mistake, results)) for mistake in case.mistakes)
        return sum(
            bool(tried) and all(holds(mistake, result) for result in tried)
            for mistake, tried in spelled
        )

    slow = count(lambda mistake, result: _is_without_evidence(case, result))
    times = [result.seconds for result in results if result.trial.kind == "reference"]
    return TrialFigures(
        checks=len(case.claims),
        mistakes=len(case.mistakes),
        caught=count(lambda mistake, result: mistake.caught_by in _list_failed(case, result)),
        slow=slow,
        named=count(lambda mistake, result: _is_named_or_excused(case, mistake, result)) - slow,
        seconds=min(times, default=0.0),
    )


def find_faults(case: Case, results: Sequence[TrialResult]) -> list[Fault]:
    """Return everything that the results leave unproven.

    A check that breaks on the reference proves nothing about others, and alone is named.
    """
    references = [result for result in results if result.trial.kind == "reference"]
    found = [*_check_references(case, references), *_check_deadline(case, references)]
    if any(result.report.fault for result in references):
        return found
    rules = {"stub": _check_stub, "mistake": _check_mistake, "empty": _check_empty}
    for result in results:
        if result.trial.kind in rules:
            found += rules[result.trial.kind](case, result)
    return [*found, *_find_unused(case, results)]


def _check_stub(case: Case, result: TrialResult) -> Iterator[Fault]:
    """Yield where the stub does not fail a check with its own NotImplementedError."""
    if result.report.load_error:
        problem = f"the stub cannot be loaded: {_shorten(result.report.load_error)}"
        remedy = "do not call the functions to be written while the module is loaded"
        yield Fault(case.at.reference, 1, 1, problem, remedy)
        return
    for claim in case.claims:
        found = result.get_finding(claim.name)
        if found is not None and found.unwritten:
            continue
        if found is None:
            problem = f"{claim.name} does not run on the stub: {_explain_end(result)}"
        elif found.status == "passed":
            problem = f"the stub passes {claim.name}"
        else:
            message = _find_message(result, claim.name)
            problem = (
                f"the stub fails {claim.name}, but not with its NotImplementedError: {message}"
            )
        remedy = (
            "call the function to be written in the check, and do not catch NotImplementedError"
        )
        yield Fault(case.at.checks, claim.line, 1, problem, remedy)


def _check_references(case: Case, results: Sequence[TrialResult]) -> Iterator[Fault]:
    """Yield each check that the reference fails with some seed."""
    unloadable = next((r.report.load_error for r in results if r.report.load_error), "")
    if unloadable:
        problem = f"the reference cannot be loaded: {_shorten(unloadable)}"
        yield Fault(case.at.reference, 1, 1, problem, "fix it")
        return
    for claim in case.claims:
        failing = [result for result in results if not result.has_passed(claim.name)]
        if failing:
            seeds = ", ".join(str(result.trial.seed) for result in failing)
            message = _find_message(failing[0], claim.name)
            problem = f"the reference fails {claim.name} (seed {seeds}): {message}"
            yield Fault(case.at.checks, claim.line, 1, problem, "fix the check or the reference")


def _check_deadline(case: Case, results: Sequence[TrialResult]) -> Iterator[Fault]:
    """Yield where a call's deadline leaves little time for slower code on a slower machine.

    Of the runs the quickest counts: another program may have slowed down the others.
    """
    longest = min((result.report.longest_call for result in results), default=0.0)
    if case.exercise.call_seconds < PATIENT * longest:
        problem = f"the reference takes {longest:.2g} s for a call, whose deadline is "
        problem += f"{case.exercise.call_seconds:g} s"
        remedy = f"set call_seconds to {math.ceil(PATIENT * longest)} or more, or ask for less"
        yield Fault(case.at.unit, case.at.entry, 1, problem, remedy)


def _check_mistake(case: Case, result: TrialResult) -> Iterator[Fault]:
    """Yield where a mistake is not caught by the check that it names, or not recognised.

    One that only takes too much time or memory, or fails only where its process was killed, need
    not be recognised.
    """
    variant = result.trial.variant
    mistake = next((m for m in case.mistakes if variant and m.name == variant.mistake), None)
    if variant is None or mistake is None:
        return

    def fault(problem: str, remedy: str) -> Fault:
        return Fault(case.at.mistakes, variant.line, 1, f"{variant.label} {problem}", remedy)

    if result.report.fault:
        remedy = "check the type of an answer before using it"
        yield fault(f"breaks a check: {_shorten(result.report.fault)}", remedy)
    failed = _list_failed(case, result)
    if not failed:
        yield fault("passes every check", f"make {mistake.caught_by} fail on it")
        return
    if mistake.caught_by not in failed and any(c.name == mistake.caught_by for c in case.claims):
        remedy = f"it fails {', '.join(failed[:3])}: name one of them, or sharpen the check"
        yield fault(f"is not caught by {mistake.caught_by}", remedy)
    if mistake.caught_by not in failed:
        return  # only a mistake whose own check fails can be recognised
    if result.report.fault or _is_named_or_excused(case, mistake, result):
        return
    others = [name for name in result.fits if name != mistake.name]
    if result.looks_like is not None or others:
        remedy = "merge the two, or add a check that tells them apart"
        yield fault(f"looks like {result.looks_like or others[0]}", remedy)
    else:
        remedy = "make it give at least one check the same wrong answer in each run"
        yield fault("is not recognised by its answers", remedy)


def _list_failed(case: Case, result: TrialResult) -> list[str]:
    return [claim.name for claim in case.claims if not result.has_passed(claim.name)]


def _select_spellings(mistake: Mistake, results: Sequence[TrialResult]) -> list[TrialResult]:
    """Return what the trials of a mistake's spellings found."""
    tried = ((result, result.trial.variant) for result in results)
    return [result for result, variant in tried if variant and variant.mistake == mistake.name]


def _is_named_or_excused(case: Case, mistake: Mistake, result: TrialResult) -> bool:
    return (
        result.looks_like == mistake.name
        or _is_without_evidence(case, result)
        or _is_only_worded(case, result)
    )


def _is_only_worded(case: Case, result: TrialResult) -> bool:
    """Return True if only an error's message is wrong, which no comparison of answers can tell.

    Two errors of one type are the same answer, whatever words the learner chose for them.
    """
    variant = result.trial.variant
    return variant is not None and differs_in_error_words_only(case.reference, variant.text)


def _is_without_evidence(case: Case, result: TrialResult) -> bool:
    """Return True if no check that it fails shows a wrong answer that could be compared."""
    failed = [claim for claim in case.claims if not result.has_passed(claim.name)]
    return bool(failed) and all((COSTS | UNREPEATABLE) & set(claim.asks) for claim in failed)


def _check_empty(case: Case, result: TrialResult) -> Iterator[Fault]:
    """Yield where a trivial answer fails no check, or breaks one."""
    when = result.trial.name
    if result.report.fault:
        problem = f"a check breaks when {when}: {_shorten(result.report.fault)}"
        remedy = "check the type of an answer before using it"
        line = case.find_claim_line(result.report.broken_check)
        yield Fault(case.at.checks, line, 1, problem, remedy)
    elif all(result.has_passed(claim.name) for claim in case.claims):
        problem = f"every check passes when {when}"
        yield Fault(case.at.checks, 1, 1, problem, "add a check that such an answer fails")
    elif all(found.status != "failed" for found in result.report.findings):
        message = _shorten(result.report.load_error) or _find_message(result, case.claims[0].name)
        problem = f"no check fails when {when}, yet not all pass: {message}"
        yield Fault(case.at.checks, 1, 1, problem, "add a check that such an answer fails")


def _find_unused(case: Case, results: Sequence[TrialResult]) -> Iterator[Fault]:
    """Yield each check that no mistake fails."""
    wrong = [result for result in results if result.trial.kind == "mistake"]
    for claim in case.claims if wrong else ():
        if all(result.has_right_answer(claim.name) for result in wrong):
            remedy = "write a mistake that it catches, or delete it"
            problem = f"no mistake fails {claim.name}"
            yield Fault(case.at.checks, claim.line, 1, problem, remedy)


def _find_message(result: TrialResult, check: str) -> str:
    found = result.get_finding(check)
    return _shorten(found.message) if found is not None else _explain_end(result)


def _explain_end(result: TrialResult) -> str:
    """Explain why a check did not finish."""
    report = result.report
    if report.out_of_time:
        return "the time limit of the exercise was reached"
    return _shorten(report.fault) or "it did not run"


def _shorten(text: str) -> str:
    """Return a message's first line, at most 200 letters of it."""
    first = text.strip().partition("\n")[0]
    return first if len(first) <= 200 else f"{first[:200]}..."
