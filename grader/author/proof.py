"""What the trials of an exercise must show: pure rules over their results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.author.case import COSTS, Case
from grader.author.trial import Result
from grader.errors import Fault


@dataclass(frozen=True, slots=True)
class Figures:
    """What the trials of an exercise come to in numbers."""

    checks: int
    mistakes: int
    caught: int
    """The mistakes that fail the check that their author named."""
    slow: int
    """The mistakes that give right answers and only take too much time or memory."""
    named: int
    """The mistakes that were recognised by their answers."""
    seconds: float
    """The quickest run of the reference through all checks."""


def figures(case: Case, results: Sequence[Result]) -> Figures:
    """The numbers of an exercise."""
    wrong = {result.trial.name: result for result in results if result.trial.kind == "mistake"}
    tried = [(mistake, wrong[mistake.name]) for mistake in case.mistakes if mistake.name in wrong]
    times = [result.seconds for result in results if result.trial.kind == "reference"]
    return Figures(
        checks=len(case.claims),
        mistakes=len(case.mistakes),
        caught=sum(mistake.caught_by in _failed(case, result) for mistake, result in tried),
        slow=sum(_only_costly(case, result) for _, result in tried),
        named=sum(result.looks_like == mistake.name for mistake, result in tried),
        seconds=min(times, default=0.0),
    )


def faults(case: Case, results: Sequence[Result]) -> list[Fault]:
    """Everything that the results leave unproven.

    A check that breaks on the reference proves nothing about others, and alone is named.
    """
    references = [result for result in results if result.trial.kind == "reference"]
    found = list(_references(case, references))
    if any(result.report.fault for result in references):
        return found
    rules = {"stub": _stub, "mistake": _mistake, "empty": _empty}
    for result in results:
        if result.trial.kind in rules:
            found += rules[result.trial.kind](case, result)
    return [*found, *_unused(case, results)]


def _stub(case: Case, result: Result) -> Iterator[Fault]:
    """The stub fails every check, and with its own NotImplementedError."""
    if result.report.load_error:
        problem = f"the stub cannot be loaded: {_line(result.report.load_error)}"
        remedy = "let what the module does when it is loaded not call what is to be written"
        yield Fault(case.at.reference, 1, 1, problem, remedy)
        return
    for claim in case.claims:
        found = result.finding(claim.name)
        if found is not None and found.unwritten:
            continue
        if found is None:
            problem = f"{claim.name} does not run on the stub: {_why(result)}"
        elif found.status == "passed":
            problem = f"the stub passes {claim.name}"
        else:
            problem = (
                f"the stub fails {claim.name} otherwise than unwritten: {_said(result, claim.name)}"
            )
        remedy = "let the check call what is to be written, and let NotImplementedError through"
        yield Fault(case.at.checks, claim.line, 1, problem, remedy)


def _references(case: Case, results: Sequence[Result]) -> Iterator[Fault]:
    """The reference passes all checks, with every seed."""
    unloadable = next((r.report.load_error for r in results if r.report.load_error), "")
    if unloadable:
        problem = f"the reference cannot be loaded: {_line(unloadable)}"
        yield Fault(case.at.reference, 1, 1, problem, "mend it")
        return
    for claim in case.claims:
        failing = [result for result in results if not result.passes(claim.name)]
        if failing:
            seeds = ", ".join(str(result.trial.seed) for result in failing)
            said = _said(failing[0], claim.name)
            problem = f"the reference fails {claim.name} (seed {seeds}): {said}"
            yield Fault(case.at.checks, claim.line, 1, problem, "mend the check or the reference")


def _mistake(case: Case, result: Result) -> Iterator[Fault]:
    """A mistake is caught by the check that it names, and recognised unless it is only costly."""
    mistake = next((m for m in case.mistakes if m.name == result.trial.name), None)
    if mistake is None:
        return

    def fault(problem: str, remedy: str) -> Fault:
        return Fault(case.at.mistakes, mistake.line, 1, f"{mistake.name} {problem}", remedy)

    if result.report.fault:
        remedy = "let the check claim the type of an answer before it uses it"
        yield fault(f"breaks a check: {_line(result.report.fault)}", remedy)
    failed = _failed(case, result)
    if not failed:
        yield fault("passes every check", f"let {mistake.caught_by} tell it from the reference")
        return
    if mistake.caught_by not in failed and any(c.name == mistake.caught_by for c in case.claims):
        remedy = f"it fails {', '.join(failed[:3])}: name one of them, or sharpen the check"
        yield fault(f"is not caught by {mistake.caught_by}", remedy)
    if result.looks_like == mistake.name or result.report.fault or _only_costly(case, result):
        return
    others = [name for name in result.fits if name != mistake.name]
    if result.looks_like is not None or others:
        remedy = "merge the two, or add a check that tells them apart"
        yield fault(f"looks like {result.looks_like or others[0]}", remedy)
    else:
        remedy = "let it give some check an answer that is wrong, and the same each time"
        yield fault("is not recognised by its answers", remedy)


def _failed(case: Case, result: Result) -> list[str]:
    return [claim.name for claim in case.claims if not result.passes(claim.name)]


def _only_costly(case: Case, result: Result) -> bool:
    """Whether it fails some checks, each of which measures time or memory."""
    failed = [claim for claim in case.claims if not result.passes(claim.name)]
    return bool(failed) and all(COSTS & set(claim.asks) for claim in failed)


def _empty(case: Case, result: Result) -> Iterator[Fault]:
    """An answer that takes no thought fails a check, and breaks none."""
    when = result.trial.name
    if result.report.fault:
        problem = f"a check breaks when {when}: {_line(result.report.fault)}"
        remedy = "let it claim the type of an answer before it uses it"
        yield Fault(case.at.checks, _broken(case, result), 1, problem, remedy)
    elif all(result.passes(claim.name) for claim in case.claims):
        problem = f"every check passes when {when}"
        yield Fault(case.at.checks, 1, 1, problem, "add a check that such an answer fails")
    elif all(found.status != "failed" for found in result.report.findings):
        said = _line(result.report.load_error) or _said(result, case.claims[0].name)
        problem = f"no check fails when {when}, yet not all pass: {said}"
        yield Fault(case.at.checks, 1, 1, problem, "add a check that such an answer fails")


def _broken(case: Case, result: Result) -> int:
    """Line of the check that a fault of ours names."""
    named = result.report.fault.partition("::")[2].partition(":")[0]
    return case.claim_line(named)


def _unused(case: Case, results: Sequence[Result]) -> Iterator[Fault]:
    """Every check is failed by some mistake."""
    wrong = [result for result in results if result.trial.kind == "mistake"]
    for claim in case.claims if wrong else ():
        if all(result.answers_well(claim.name) for result in wrong):
            remedy = "write the mistake that it is there to catch, or delete it"
            problem = f"no mistake fails {claim.name}"
            yield Fault(case.at.checks, claim.line, 1, problem, remedy)


def _said(result: Result, check: str) -> str:
    found = result.finding(check)
    return _line(found.message) if found is not None else _why(result)


def _why(result: Result) -> str:
    """Why a check came to no end."""
    report = result.report
    if report.out_of_time:
        return "the seconds for the exercise were used up"
    return _line(report.fault) or "it did not run"


def _line(text: str) -> str:
    """A message's first line, at most 200 letters of it."""
    first = text.strip().partition("\n")[0]
    return first if len(first) <= 200 else f"{first[:200]}..."
