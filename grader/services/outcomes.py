"""What the judge's report comes to: a result for each check, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from grader.course.source.claims import Claim
from grader.grading.outcome import CheckResult, Status, Verdict
from grader.grading.protocol.plan import Finding, Report


def collect_results(
    claims: Sequence[Claim], report: Report, seconds: float
) -> tuple[CheckResult, ...]:
    """Return a result for each check that the course demands, also for one that did not run.

    ``seconds`` is the limit of the exercise, for the message.
    """
    found = {finding.name: finding for finding in report.findings}
    return tuple(
        make_result(found[claim.name], claim.claim)
        if claim.name in found
        else _explain_missing(claim, report, seconds)
        for claim in claims
    )


def choose_verdict(report: Report, results: Sequence[CheckResult]) -> Verdict:
    """Return the verdict: passed only when every check that the course demands has passed.

    A check without a finding, where time was left, is a fault of ours: the learner's code is
    never asked whether a check runs.
    """
    if report.fault:
        return "grader_error"
    if report.load_error:
        return "error"
    if results and all(result.status == "passed" for result in results):
        return "passed"
    found = {finding.name for finding in report.findings}
    if not report.out_of_time and any(result.name not in found for result in results):
        return "grader_error"
    if report.findings and all(finding.unwritten for finding in report.findings):
        return "open"
    return "error" if all(result.status == "blocked" for result in results) else "failed"


def block_all(claims: Sequence[Claim], reason: str) -> tuple[CheckResult, ...]:
    """Return the results without a run: every check blocked for one reason."""
    return tuple(CheckResult(claim.name, claim.claim, "blocked", reason) for claim in claims)


def make_result(finding: Finding, claim: str) -> CheckResult:
    """Return a finding of the judge as the result of a check, with what the check claims."""
    status: Status = next(s for s in get_args(Status) if s == finding.status)
    return CheckResult(
        finding.name,
        claim,
        status,
        finding.message,
        finding.asked,
        finding.want,
        finding.got,
        finding.where,
        finding.says_cause,
    )


def _explain_missing(claim: Claim, report: Report, seconds: float) -> CheckResult:
    if report.out_of_time:
        used_up = f"the time limit of {seconds:g} seconds for this exercise was reached"
        return CheckResult(claim.name, claim.claim, "timeout", used_up)
    return CheckResult(claim.name, claim.claim, "blocked", "this check did not run")
