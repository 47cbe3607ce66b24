"""How far a training run is, sent while its answer is awaited: numbers, and not too many."""

from __future__ import annotations

import math
import os
import struct
import subprocess
import sys
import time
from typing import Any

import msgpack
import pytest
from small_course import Bench, first, statuses

from grader.grading.client import Engine
from grader.grading.protocol.frames import MalformedData
from grader.grading.protocol.notices import (
    MARK,
    KillNotice,
    Notice,
    StepNotice,
    open_notice,
    pack_notice,
)
from grader.grading.protocol.plan import Report

SOURCE = '''
import time


def twice(report, steps, seconds=0.0):
    """Train."""
    for step in range(1, steps + 1):
        time.sleep(seconds)
        report(step, 1.0 / step)
    return steps


class Other:
    """Other."""
'''
CHECKS = '''
import pytest
import torch

from grader.checks import equal


def test_one(twice, prop):
    """Reports are kept, with numbers as numbers."""
    report = prop("Progress", 40)
    equal(twice(report, 40, 0.02), 40)
    equal(report.calls, 40)
    equal(report.reports[:2], [(1, 1.0), (2, 0.5)])
    report(40, torch.tensor(0.25, requires_grad=True))
    equal(report.reports[-1], (40, 0.25))


def test_two(twice, prop):
    """What is no number is a TypeError."""
    report = prop("Progress", 5)
    for step, loss in ((1.5, 1.0), (1, None), (1, [1.0]), (1, torch.ones(2)), ("1", 1.0)):
        with pytest.raises(TypeError, match="takes the number of steps done and one number"):
            report(step, loss)
    equal(report.calls, 0)
    for steps in (0, -1, 10**12):
        with pytest.raises(ValueError, match="a training run has"):
            prop("Progress", steps)


def test_three(twice, prop, killed):
    """A process can be killed in a report."""
    report = prop("Progress", 5)
    killed(twice, report, 5, at=(report, 3))
    equal(twice(prop("Progress", 5), 5), 5)
'''


def follow(bench: Bench, text: str, **changes: Any) -> tuple[Report, list[StepNotice]]:
    """Grade a source; return the report, and the notices on the way to it."""
    heard: list[StepNotice] = []
    with bench.engine.run(bench.plan(text, **changes)) as run:
        return run.collect_report(show_steps=heard.append), heard


@pytest.mark.parametrize("cold_engine", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_reports_come_while_the_code_runs(bench: Bench, cold: Engine, cold_engine: bool) -> None:
    """With forks and without, they come in order, and not more than ten in a second."""
    bench = Bench(cold, bench.root) if cold_engine else bench
    bench.checks(CHECKS)
    began = time.monotonic()
    report, heard = follow(bench, SOURCE, seconds=60.0)
    seconds = time.monotonic() - began
    assert [(f.name, f.message) for f in report.findings if f.status != "passed"] == []
    assert len(report.findings) == 3 and not report.fault
    steps = [notice.step for notice in heard if notice.steps == 40]
    assert steps == sorted(steps) and 3 <= len(steps) < 40
    assert len(heard) <= 10 * seconds + 1
    assert all(notice.loss == 1 / notice.step for notice in heard if notice.steps == 40)


@pytest.mark.slow
def test_the_same_checks_pass_in_one_process(bench: Bench) -> None:
    """Plain pytest runs them with the prop itself, and shows nothing."""
    bench.checks(CHECKS)
    (bench.root / "exercises" / "demo" / "twice.py").write_text(SOURCE)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "grader.grading.local"),
            *("-p", "no:cacheprovider", "--rootdir", str(bench.root), str(bench.check_file)),
        ],
        capture_output=True,
        text=True,
        cwd=bench.root,
    )
    assert "3 passed" in done.stdout, done.stdout


ONE = '''
from grader.checks import equal


def test_one(twice, prop):
    """It."""
    equal(twice(prop("Progress", 5), 5), 5)


def test_two(twice, prop):
    """It."""
    equal(twice(prop("Progress", 6), 6), 6)
'''
WRITE = "import os, struct, threading, time\n\n\ndef write(frame):\n    os.write(3, frame)\n\n\n"


def frame(content: bytes) -> str:
    """The code that writes a frame to the judge."""
    return f"write({struct.pack('>I', len(content)) + content!r})"


def notice(*parts: Any) -> bytes:
    """A notice of any content."""
    return MARK + msgpack.packb(list(parts))


FORGED = [
    MARK,
    MARK + b"\xc1",
    MARK + b"\x91",
    notice(),
    notice("step"),
    notice("step", 1, 5, "\x1b[2J"),
    notice("step", "1", 5, 1.0),
    notice("step", 1, "\x1b]0;title\x07", 1.0),
    notice("step", True, 5, 1.0),
    notice("step", 6, 5, 1.0),
    notice("step", -1, 5, 1.0),
    notice("step", 1, 2**63, 1.0),
    notice("step", 1, 5, 1),
    notice("step", 1, 5, 1.0, "more"),
    notice("other", 1),
    notice(["step"], 1, 5, 1.0),
    MARK + msgpack.packb({"step": 1}),
    MARK + msgpack.packb(msgpack.ExtType(5, b"x")),
    notice("step", 1, 5, "x" * 100_000),
]


@pytest.mark.parametrize("content", FORGED)
def test_a_forged_notice_is_the_learners_fault(bench: Bench, content: bytes) -> None:
    """It fails the check in which it came, as an invalid answer does, and is not passed on."""
    bench.checks(ONE)
    text = WRITE + SOURCE.replace(
        "    return steps", f"    if steps == 5:\n        {frame(content)}\n    return steps"
    )
    report, heard = follow(bench, text)
    assert statuses(report) == ["crashed", "passed"] and not report.fault
    assert "sent an invalid answer" in first(report).message
    assert all(type(n.step) is type(n.steps) is int and type(n.loss) is float for n in heard)


@pytest.mark.parametrize("content", FORGED)
def test_what_no_prop_sends_is_refused(content: bytes) -> None:
    """Each of these raises ``MalformedData`` and nothing else."""
    with pytest.raises(MalformedData):
        open_notice(content)


@pytest.mark.parametrize(
    "sent", [KillNotice(), StepNotice(0, 1, 2.5), StepNotice(10**9, 10**9, -1e308)]
)
def test_a_notice_arrives_as_it_was_sent(sent: Notice) -> None:
    """What is packed is what is opened."""
    assert open_notice(pack_notice(sent)) == sent


@pytest.mark.parametrize("loss", [math.inf, -math.inf, math.nan])
def test_a_loss_that_is_no_number_is_nan(bench: Bench, loss: float) -> None:
    """Infinity and NaN arrive as NaN, and spoil nothing."""
    bench.checks(ONE)
    report, heard = follow(bench, SOURCE.replace("1.0 / step", f"float('{loss}')"))
    assert statuses(report) == ["passed"] * 2
    assert heard and all(math.isnan(one.loss) for one in heard)


FLOOD = frame(pack_notice(StepNotice(1, 5, 1.0)))


@pytest.mark.parametrize("cold_engine", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_flood_extends_no_deadline(bench: Bench, cold: Engine, cold_engine: bool) -> None:
    """Who sends notices for ever has no answer in time; few of them are passed on."""
    bench = Bench(cold, bench.root) if cold_engine else bench
    bench.checks(ONE)
    text = WRITE + SOURCE.replace(
        "    return steps", f"    while steps == 5: {FLOOD}\n    return steps"
    )
    began = time.monotonic()
    report, heard = follow(bench, text, call_seconds=1.0, seconds=60.0)
    seconds = time.monotonic() - began
    assert statuses(report) == ["timeout", "passed"] and not report.fault
    assert 1 <= len(heard) <= 10 * seconds + 1


def test_a_flood_before_an_answer_delays_it_alone(bench: Bench) -> None:
    """A hundred thousand notices are heard in a moment, and the answer counts."""
    bench.checks(ONE)
    text = WRITE + SOURCE.replace(
        "    return steps", f"    for _ in range(100_000): {FLOOD}\n    return steps"
    )
    report, heard = follow(bench, text, call_seconds=20.0)
    assert statuses(report) == ["passed"] * 2 and not report.fault
    assert len(heard) < 1000


def test_a_thread_that_goes_on_to_report_disturbs_no_later_answer(bench: Bench) -> None:
    """Its notices come between questions, and are no answers."""
    bench.checks(ONE)
    text = WRITE + SOURCE.replace(
        "    return steps",
        "    def go_on():\n        while True: report(1, 1.0)\n"
        "    threading.Thread(target=go_on, daemon=True).start()\n    return steps",
    )
    report, _ = follow(bench, text)
    assert statuses(report) == ["passed"] * 2 and not report.fault


def test_a_forked_child_does_not_write_to_the_judge(bench: Bench) -> None:
    """Reports in a process that the learner's code has started are kept there and not sent."""
    bench.checks(ONE)
    text = WRITE + SOURCE.replace(
        "        report(step, 1.0 / step)\n",
        "        if not os.fork():\n            report(step, 1.0 / step)\n            os._exit(0)\n"
        "        os.wait()\n",
    )
    report, heard = follow(bench, text)
    assert statuses(report) == ["passed"] * 2 and heard == []


def test_notices_are_passed_over_when_mistakes_are_asked(bench: Bench) -> None:
    """Reference and mistakes report too while a run is replayed, and are compared by answers."""
    bench.checks(ONE)
    wrong = SOURCE.replace("return steps", "return steps + 1")
    (bench.root / "solutions" / "demo" / "twice.py").write_text(SOURCE)
    with bench.engine.run(bench.plan(wrong)) as run:
        assert statuses(run.collect_report()) == ["failed"] * 2
        other = SOURCE.replace("return steps", "return steps - 1")
        evidence = run.collect_evidence(SOURCE, {"more": [wrong], "less": [other]})
        run.collect_relations(SOURCE)
    assert all(evidence["more"].values()) and not any(evidence["less"].values())


BUSY = "    end = time.process_time() + 0.5\n    while time.process_time() < end: pass\n"


def test_what_the_slowest_answer_took_is_measured(bench: Bench) -> None:
    """The report has the seconds computed, for the gate to compare with the deadline."""
    bench.checks(ONE)
    waits = SOURCE.replace("    return steps", "    time.sleep(0.5)\n    return steps")
    for text, least, most in [
        (SOURCE.replace("    return steps", f"{BUSY}    return steps"), 0.4, 1.5),
        (waits, 0.0, 0.4),
    ]:
        report, _ = follow(bench, text, call_seconds=20.0)
        assert least <= report.longest_call < most
