"""Calls that are killed in the middle: a fresh process goes on, and the end is nobody's fault."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from small_course import Bench, first, statuses

from grader.grading.client import Engine
from grader.grading.protocol.notices import KillNotice, pack_notice

SOURCE = '''
import json
from pathlib import Path

STARTED = []


def twice(model, ids, path, steps):
    """Count steps in a file, and go on where it ends."""
    STARTED.append(path)
    file = Path(path)
    done = json.loads(file.read_text()) if file.exists() else []
    while len(done) < steps:
        model(ids)
        print("step", len(done))
        done.append(len(done))
        file.write_text(json.dumps(done))
    return done, len(STARTED)


def call(thing, argument):
    thing(argument)
    return True


class Box:
    """A box."""

    def __init__(self, thing):
        self.thing = thing

    def fill(self, model, ids, path, *, steps):
        return twice(model, ids, path, steps)
'''
HEAD = """
import os

import pytest
import torch

from grader.checks import close, equal

IDS = torch.zeros(1, 1, dtype=torch.int64)


def make(prop):
    return prop("TableModel", torch.zeros(2, 2))


"""
CHECKS = (
    HEAD
    + '''
def test_a_run_goes_on_where_it_was_killed(twice, prop, killed, tmp_path):
    """The file has what was done before, and the same name is a function of a fresh process."""
    path, model = str(tmp_path / "done.json"), make(prop)
    killed(twice, model, IDS, path, steps=9, at=(model, 4))
    equal((tmp_path / "done.json").read_text(), "[0, 1, 2]")
    model = make(prop)
    equal(twice(model, IDS, path, 9), (list(range(9)), 1))
    equal(model.calls, 6)


def test_calls_are_counted_from_here_and_a_second_kill_works(twice, prop, killed, tmp_path):
    """Earlier calls of the prop do not count."""
    model, path = make(prop), str(tmp_path / "done.json")
    twice(model, IDS, path, 2)
    for steps in (3, 4):
        killed(twice, model, IDS, path, 9, at=(model, 2))
        equal((tmp_path / "done.json").read_text(), str(list(range(steps))))
        model = make(prop)


def test_a_method_is_killed_too(Box, prop, killed, tmp_path):
    """A method of an object is called with keywords, and its class is there afterwards."""
    model = make(prop)
    killed(Box(1).fill, model, IDS, str(tmp_path / "x"), steps=9, at=(model, 3))
    equal(Box(2).thing, 2)


def test_every_prop_can_be_the_one(call, prop, killed):
    """Losses, rewards and functions kill their process as well."""
    for name, made_of, argument in (
        ("ScriptedLoss", [1.0], 0),
        ("Reward", [1.0], [0]),
        ("Cubic", torch.ones(2), torch.ones(2)),
    ):
        thing = prop(name, made_of)
        killed(call, thing, argument, at=(thing, 1))


def test_the_fresh_process_is_seeded_as_the_first(twice, prop, killed, tmp_path, beside):
    """What is drawn after the kill is what was drawn at the beginning of the check."""
    before, model = beside("torch.rand")(3), make(prop)
    killed(twice, model, IDS, str(tmp_path / "x"), 9, at=(model, 1))
    close(beside("torch.rand")(3), before)


def test_a_function_that_raised_is_not_killed_later(call, twice, prop, killed, tmp_path):
    """An error of the function is the error of the call, and the prop goes on as before."""
    reward = prop("Reward", [1.0])
    with pytest.raises(TypeError):
        killed(call, reward, None, at=(reward, 1))
    equal([call(reward, [0]), call(reward, [0])], [True, True])
'''
)


@pytest.mark.parametrize("cold_engine", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_check_goes_on_in_a_fresh_process(bench: Bench, cold: Engine, cold_engine: bool) -> None:
    """All of this with forks and without; the run is neither spoiled nor begun again."""
    bench = Bench(cold, bench.root) if cold_engine else bench
    bench.checks(CHECKS)
    report = bench.grade(SOURCE, seconds=60.0)
    assert [(f.name, f.message) for f in report.findings if f.status != "passed"] == []
    assert len(report.findings) == 6 and not report.fault and not report.worker_killed


@pytest.mark.slow
def test_the_same_checks_pass_in_one_process(bench: Bench) -> None:
    """Plain pytest makes such a call in a forked process, and kills that."""
    bench.checks(CHECKS)
    done = run_plain(bench, SOURCE)
    assert "6 passed" in done, done


def run_plain(bench: Bench, source: str) -> str:
    """Run plain pytest and return what it prints."""
    (bench.root / "exercises" / "demo" / "twice.py").write_text(source)
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "grader.grading.local"),
            *("-p", "no:cacheprovider", "--rootdir", str(bench.root), str(bench.check_file)),
        ],
        capture_output=True,
        text=True,
        cwd=bench.root,
    ).stdout


KILL_ONE = '''
def test_one(twice, prop, killed, tmp_path):
    """It."""
    model = make(prop)
    killed(twice, model, IDS, str(tmp_path / "x"), 9, at=(model, 4))
    equal(twice(make(prop), IDS, str(tmp_path / "x"), 4)[0], [0, 1, 2, 3])


def test_two(call, prop):
    """It."""
    equal(call(prop("Reward", [1.0]), [0]), True)
'''
STEP = '        print("step", len(done))\n'


def test_a_function_that_returns_before_fails_the_claim(bench: Bench) -> None:
    """The message says so, with the calls that were made, and the next check is as ever."""
    bench.checks(HEAD + KILL_ONE)
    report = bench.grade(SOURCE.replace("len(done) < steps", "len(done) < 1"))
    assert statuses(report) == ["failed", "passed"] and not report.fault
    finding = first(report)
    assert finding.message.startswith(
        "your function returned before call 4 of TableModel, in which its process was to be "
        "killed; it made 1 call of TableModel"
    )
    assert (finding.want, finding.got) == ("at least 4 calls of TableModel", "1 call of TableModel")
    assert "twice(" in finding.asked


@pytest.mark.parametrize(
    ("step", "status", "said"),
    [
        ("        import os; os._exit(3)\n", "crashed", "exit code 3"),
        ("        while True: pass\n", "timeout", "infinite loop"),
        ("        raise KeyError(5)\n", "failed", "KeyError: 5"),
    ],
)
def test_another_end_of_the_call_is_the_learners(
    bench: Bench, step: str, status: str, said: str
) -> None:
    """A crash, an endless loop and an error are what they are in any other call."""
    bench.checks(HEAD + KILL_ONE)
    report = bench.grade(SOURCE.replace(STEP, step), call_seconds=1.0)
    assert statuses(report) == [status, "passed"] and not report.fault
    assert said in first(report).message


def test_a_kill_from_elsewhere_still_begins_the_run_again(bench: Bench) -> None:
    """SIGKILL that did not come from the prop is a kill from outside, twice reported as a crash."""
    bench.checks(HEAD + KILL_ONE)
    report = bench.grade(SOURCE.replace(STEP, "        import os; os.kill(os.getpid(), 9)\n"))
    assert statuses(report) == ["crashed", "passed"] and not report.fault
    assert "SIGKILL" in first(report).message and report.worker_killed


def test_a_stub_is_unwritten_in_such_a_check(bench: Bench) -> None:
    """What is not written yet is blocked, as in any other check."""
    bench.checks(HEAD + KILL_ONE)
    begin, end = SOURCE.index("    STARTED.append"), SOURCE.index("def call(")
    stub = "    raise NotImplementedError('write it')\n\n\n"
    report = bench.grade(SOURCE[:begin] + stub + SOURCE[end:])
    assert first(report).unwritten


USES = {
    "asked": "model.calls",
    "sent": "twice(model, IDS, path, 9)",
    "iterated": "list(model.lengths)",
    "gone_twice": "killed(twice, model, IDS, path, 9, at=(model, 1))",
}


@pytest.mark.parametrize("use", USES)
def test_what_lived_in_the_dead_process_is_the_checks_error(bench: Bench, use: str) -> None:
    """A check that goes on to use it is broken, and is told what to do."""
    bench.checks(
        HEAD + "def test_one(twice, prop, killed, tmp_path):\n    'It.'\n"
        "    path, model = str(tmp_path / 'x'), make(prop)\n"
        f"    killed(twice, model, IDS, path, 9, at=(model, 4))\n    {USES[use]}\n"
    )
    report = bench.grade(SOURCE)
    assert report.broken_check == "test_one"
    assert ("create it again" in report.fault) is (use != "gone_twice"), report.fault


@pytest.mark.parametrize("at", ["(model, 0)", "(model, True)", "(5, 1)"])
def test_a_call_that_cannot_be_counted_is_the_checks_error(bench: Bench, at: str) -> None:
    """Calls are counted from 1, on a prop."""
    bench.checks(
        HEAD + "def test_one(twice, prop, killed, tmp_path):\n    'It.'\n    model = make(prop)\n"
        f"    killed(twice, model, IDS, str(tmp_path / 'x'), 9, at={at})\n"
    )
    report = bench.grade(SOURCE)
    assert report.broken_check == "test_one" and "killed()" in report.fault


def test_what_was_printed_before_the_kill_is_shown(bench: Bench) -> None:
    """It helps to find a mistake that shows only afterwards."""
    bench.checks(HEAD + KILL_ONE)
    report = bench.grade(SOURCE.replace("if file.exists() else []", "if 0 else []"))
    assert statuses(report) == ["passed", "passed"]
    report = bench.grade(SOURCE.replace("return done, ", "return done[:1], "))
    message = first(report).message
    assert message.endswith("it printed:\nstep 0\nstep 1\nstep 2\nstep 3"), message


@pytest.mark.parametrize("cold_engine", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_such_a_check_is_no_evidence(bench: Bench, cold: Engine, cold_engine: bool) -> None:
    """A mistake is named by the other checks, and the killed one neither helps nor hinders."""
    bench = Bench(cold, bench.root) if cold_engine else bench
    bench.checks(
        HEAD + KILL_ONE + "\n\ndef test_three(call, prop):\n    'It.'\n"
        "    equal(call(prop('Reward', [2.0]), [0]), True)\n"
    )
    wrong = SOURCE.replace("[len(done)", "[0").replace("return True", "return 1")
    wrong = wrong.replace("return done, ", "return done[:1], ")
    with bench.engine.run(bench.plan(wrong, seconds=60.0)) as run:
        report = run.collect_report()
        mistakes = {"one": [wrong], "none": [SOURCE.replace("return True", "return None")]}
        (bench.root / "solutions" / "demo" / "twice.py").write_text(SOURCE)
        evidence = run.collect_evidence(SOURCE, mistakes)
        relations = run.collect_relations(SOURCE)
    assert statuses(report) == ["failed"] * 3
    others = ("test_two", "test_three")
    assert evidence == {"one": dict.fromkeys(others, True), "none": dict.fromkeys(others, False)}
    assert isinstance(relations, tuple)


def test_where_it_is_the_only_check_nothing_is_named(bench: Bench) -> None:
    """Without evidence there is no explanation, and no error."""
    bench.checks(HEAD + KILL_ONE[: KILL_ONE.index("def test_two")])
    wrong = SOURCE.replace("return done, ", "return done[:1], ")
    with bench.engine.run(bench.plan(wrong)) as run:
        assert statuses(run.collect_report()) == ["failed"]
        assert run.collect_evidence(SOURCE, {"one": [wrong]}) == {}
        assert run.collect_relations(SOURCE) == ()


FORGED = """
        import os, struct
        os.write(3, struct.pack(">I", len({0})) + {0})
"""


def test_a_forged_announcement_is_no_fault_of_ours(bench: Bench) -> None:
    """Who announces a kill that nobody asked for, and dies, has crashed."""
    bench.checks(HEAD + KILL_ONE)
    forged = FORGED.format(repr(pack_notice(KillNotice()))) + "        os.kill(os.getpid(), 9)\n"
    source = SOURCE.replace("    thing(argument)", forged.replace("        ", "    "))
    report = bench.grade(source)
    assert statuses(report) == ["passed", "crashed"] and not report.fault
    report = bench.grade(SOURCE.replace(STEP, forged.replace("os.kill(os.getpid(), 9)", "break")))
    assert statuses(report)[0] == "failed" and not report.fault


@pytest.mark.slow
def test_plain_pytest_says_what_became_of_the_call(bench: Bench) -> None:
    """A function that returns, raises or crashes there is told as clearly."""
    bench.checks(HEAD + KILL_ONE)
    for step, said in [
        ("        break\n", "your function returned before call 4 of TableModel"),
        ("        raise KeyError(5)\n", "KeyError: 5"),
        ("        import os; os._exit(3)\n", "ended by itself with exit code 3"),
    ]:
        printed = run_plain(bench, SOURCE.replace(STEP, step))
        assert said in printed and "1 failed, 1 passed" in printed, printed
