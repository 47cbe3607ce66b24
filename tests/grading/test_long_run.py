"""Checks that take long: they run once the others pass, and are no evidence."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from small_course import REFERENCE, Bench, statuses

CHECKS = '''
from grader.checks import equal


def test_a_number_is_doubled(twice):
    """Twice 3 is 6."""
    equal(twice(3), 6)


def test_many_numbers_are_doubled(twice, long_run):
    """Twice 0 to 99."""
    for number in range(100):
        equal(twice(number), 2 * number)
'''
TRIPLED = REFERENCE.replace("x * 2", "x * 3")
ONLY_SMALL = REFERENCE.replace("x * 2", "x * 2 if x < 50 else 100")
UNWRITTEN = "def twice(x):\n    raise NotImplementedError('write twice')\n"


def test_a_long_check_waits_until_the_others_pass(bench: Bench) -> None:
    """It is blocked while another check fails, runs once that passes, and may fail by itself."""
    bench.checks(CHECKS)
    failed = bench.grade(TRIPLED)
    assert statuses(failed) == ["failed", "blocked"] and not failed.fault
    assert "once those before it pass" in failed.findings[1].message
    assert failed.findings[1].asked == ""
    assert statuses(bench.grade(REFERENCE)) == ["passed", "passed"]
    assert statuses(bench.grade(ONLY_SMALL)) == ["passed", "failed"]


def test_what_is_not_written_is_said_of_a_long_check_too(bench: Bench) -> None:
    """A stub blocks every check for one reason, so the exercise counts as not begun."""
    bench.checks(CHECKS)
    report = bench.grade(UNWRITTEN)
    assert statuses(report) == ["blocked", "blocked"]
    assert all(finding.unwritten for finding in report.findings)


def test_a_long_check_is_no_evidence(bench: Bench) -> None:
    """No mistake and no relation is looked for in it, though it alone fails."""
    bench.checks(CHECKS)
    with bench.engine.run(bench.plan(ONLY_SMALL)) as run:
        report = run.collect_report()
        evidence = run.collect_evidence(REFERENCE, {"only_small": [ONLY_SMALL]}, 10.0)
        relations = run.collect_relations(REFERENCE, 10.0)
    assert statuses(report) == ["passed", "failed"]
    assert not any(evidence.values()) and not relations


@pytest.mark.slow
def test_a_long_check_waits_in_plain_pytest_too(bench: Bench) -> None:
    """The same check fails at once in one process, and runs when it is asked for alone."""
    bench.checks(CHECKS)
    (bench.root / "exercises" / "demo" / "twice.py").write_text(TRIPLED)
    both = _run_plain_pytest(bench)
    assert "1 failed, 1 error" in both and "once those before it pass" in both
    alone = _run_plain_pytest(bench, "-k", "many")
    assert "1 failed" in alone and "error" not in alone.splitlines()[-1]


def _run_plain_pytest(bench: Bench, *options: str) -> str:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "grader.grading.local"),
            *("-p", "no:cacheprovider", "--rootdir", str(bench.root), str(bench.check_file)),
            *options,
        ],
        capture_output=True,
        text=True,
        cwd=bench.root,
    )
    return done.stdout
