"""A training run as it is shown: how long it will take, a line while it runs, and nothing after."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from terminal import Terminal, environment

from grader.base.paths import Workspace
from grader.cli.console.training import StepText
from grader.grading.protocol.notices import StepNotice
from grader.services.session import Session

STUB = '"""Train."""\n\nimport os\nimport time\n\n\ndef train(report, steps):\n    """Train."""\n'
UNWRITTEN = STUB + '    raise NotImplementedError("write train")\n'
TRAINS = (
    STUB
    + """\
    for step in range(1, steps + 1):
        time.sleep(0.05)
        report(step, 3.0 / step)
    return steps
"""
)
CHECKS = '''\
"""What is asked of train."""

from grader.checks import equal


def test_all_steps_are_made(train, prop):
    """All steps are made."""
    equal(train(prop("Progress", 60), 60), 60)


def test_one_step_is_made(train, prop):
    """One step is made."""
    equal(train(prop("Progress", 1), 1), 1)
'''
UNIT = """\
title: Demo
summary: Small.
exercises:
  - id: train
    title: Train
    summary: Train it.
    writes: [train]
    minutes: 5
    expected_seconds: {seconds}
    hints: [Which loop?, The steps., One line.]
"""
COMMAND = [sys.executable, "-m", "grader.cli.main"]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A course of one exercise that trains, and a learner's answer."""
    workspace = Workspace(tmp_path / "clone")
    phase = "{id: first, title: First, weeks: [1, 2], units: [demo]}"
    texts = {
        workspace.course_file: f"title: Small\nobjectives: []\nphases:\n  - {phase}\n",
        workspace.resources_file: "resources: []\n",
        workspace.locate_unit_file("demo"): UNIT.format(seconds=10),
        workspace.locate_checks("demo/train"): CHECKS,
        workspace.locate_mistakes("demo/train"): '"""None."""\n',
        workspace.locate_lesson("demo/train"): "# Train\n",
        workspace.locate_reference("demo/train"): TRAINS,
        workspace.locate_stub("demo/train"): TRAINS,
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Session.open(workspace)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """Terminals that are closed after the test."""
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


def grade(session: Session, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ``grade`` over pipes."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=session.workspace.root,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=120,
    )


def test_a_terminal_shows_the_run_and_then_the_verdict_alone(
    session: Session, terminals: list[Terminal]
) -> None:
    """The time to expect comes first, then a line with step, loss and time, which goes away."""
    terminal = Terminal([*COMMAND, "demo/train"], session.workspace.root)
    terminals.append(terminal)
    shown = terminal.until(lambda text: "s left" in text)
    assert "The checks of demo/train take about 10 seconds." in shown
    (line,) = [line for line in shown.splitlines() if "left" in line]
    assert line.startswith("step ") and " of 60, loss " in line
    assert terminal.ended() == 0
    shown = terminal.until("passed, 2 of 2")
    assert "take about 10 seconds" in shown and ", loss" not in shown and "left" not in shown


@pytest.mark.parametrize("cold", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_ctrl_c_takes_the_line_away_and_ends_all(
    session: Session, terminals: list[Terminal], cold: bool
) -> None:
    """Nothing is recorded, no process stays, and the exit code is that of any Ctrl-C."""
    flag = session.workspace.root / "pids"
    text = TRAINS.replace(
        "    for step", f"    open({str(flag)!r}, 'w').write(f'{{os.getpid()}} ')\n    for step"
    )
    session.workspace.locate_stub("demo/train").write_text(text.replace("0.05", "0.3"), "utf-8")
    words = ["--cold"] if cold else []
    terminal = Terminal([*COMMAND, "demo/train", *words], session.workspace.root)
    terminals.append(terminal)
    terminal.until("step 3 of 60")
    above = psutil.Process(int(flag.read_text())).parents()[0]  # it has judge and workers below it
    ours = [above, *above.children(recursive=True)]
    assert len(ours) >= (2 if cold else 3)
    terminal.type("\x03")
    assert terminal.ended() == 130
    shown = terminal.until("Stopped.")
    assert ", loss" not in shown and "left" not in shown and "Traceback" not in shown
    assert terminal.restored()
    assert psutil.wait_procs(ours, timeout=20)[1] == []
    assert Session.open(session.workspace).records.read_attempts() == []


def test_a_pipe_gets_the_time_to_expect_and_no_line(session: Session) -> None:
    """Standard output is whole lines; what does not take long says nothing before."""
    done = grade(session, "demo/train")
    # Where this test is its process's first, the warm grader is started by it, and says so.
    started = "Loading torch and pytest, once; later runs start immediately.\n"
    assert done.returncode == 0 and done.stderr in ("", started)
    assert done.stdout.startswith("The checks of demo/train take about 10 seconds.\n")
    assert "\r" not in done.stdout and ", loss" not in done.stdout
    session.workspace.locate_unit_file("demo").write_text(UNIT.format(seconds=2), "utf-8")
    assert "take about" not in grade(session, "demo/train").stdout
    session.workspace.locate_unit_file("demo").write_text(UNIT.format(seconds=10), "utf-8")
    session.workspace.locate_stub("demo/train").write_text(UNWRITTEN, "utf-8")
    assert "take about" not in grade(session, "demo/train").stdout  # nothing runs


def test_json_is_what_it_was(session: Session, terminals: list[Terminal]) -> None:
    """There is one object and nothing else, on a pipe and on a terminal."""
    done = grade(session, "demo/train", "--json")
    assert json.loads(done.stdout)["results"][0]["verdict"] == "passed" and done.stderr == ""
    terminal = Terminal([*COMMAND, "demo/train", "--json"], session.workspace.root, columns=2000)
    terminals.append(terminal)
    assert terminal.ended() == 0
    terminal.until('"passed"')
    assert json.loads(terminal.raw)["results"][0]["verdict"] == "passed"
    assert b", loss" not in terminal.raw


@pytest.mark.slow
def test_watching_shows_it_too(session: Session, terminals: list[Terminal]) -> None:
    """The head of the screen has step, loss and time as long as the run trains."""
    terminal = Terminal([*COMMAND, "watch", "demo/train"], session.workspace.root)
    terminals.append(terminal)
    head = terminal.until(lambda text: "s left" in text.splitlines()[0]).splitlines()[0]
    assert "0 of 2 checks done; step " in head and " of 60, loss " in head
    shown = terminal.until("passed, 2 of 2")
    assert ", loss" not in shown.splitlines()[0]
    terminal.type("q")
    assert terminal.ended() == 0


def test_the_time_left_follows_from_the_pace_so_far() -> None:
    """Unknown at first, then steps to do times seconds for each; another run begins anew."""
    moments = iter([0.0, 2.0, 3.0, 10.0, 11.0])
    text = StepText(lambda: next(moments))
    assert text.format(StepNotice(1, 10, 2.0)) == "step 1 of 10, loss 2.0000"
    assert text.format(StepNotice(2, 10, 1.5)) == "step 2 of 10, loss 1.5000, 16 s left"
    assert text.format(StepNotice(3, 10, math.nan)) == "step 3 of 10, loss nan, 11 s left"
    assert text.format(StepNotice(1, 500, 1e30)) == "step 1 of 500, loss 1.000e+30"
    assert text.format(StepNotice(2, 500, 0.0)) == "step 2 of 500, loss 0.0000, 8 min left"


def test_a_run_without_end_in_sight_is_said_in_few_words() -> None:
    """Of a step in an hour of a billion no number of seconds is written."""
    moments = iter([0.0, 3600.0, 3600.0])
    text = StepText(lambda: next(moments))
    text.format(StepNotice(0, 10**9, 1.0))
    assert text.format(StepNotice(1, 10**9, 1.0)).endswith("more than an hour left")
    assert text.format(StepNotice(10**9, 10**9, 1.0)).endswith(", 0 s left")
