"""A milestone run on real parts in a real process, and what the records keep of it."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from grade_command import run_grade

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.grading.outcome import Attempt
from grader.learner.records.tables import open_milestones
from grader.milestones import Continued, Evaluation, Figure, Line, Reached
from grader.milestones.run import MilestoneFailed, Settings
from grader.services.milestone import (
    choose_settings,
    find_milestone,
    list_owners,
    run_milestone,
    write_text,
)
from grader.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
SOFTMAX = "attention/softmax"
COURSE = """
milestones:
  - id: demo
    title: It works
    text: Something works.
    needs: [attention/softmax]
    models:
      - {id: small, exercises: [attention/softmax]}
      - {id: large, exercises: [attention/scaled_dot_product]}
"""
PROGRAM = '''
"""A program of the test's."""

import time

import torch

from exercises.attention.softmax import softmax


def run(stage):
    before = stage.recall("demo") or {"step": 0}
    stage.say(f"begins at {before['step']}")
    stage.measure("largest", float(softmax(torch.tensor([0.0, 0.0]), dim=-1).max()))
    if stage.settings.model == "large":
        from exercises.attention.scaled_dot_product import scaled_dot_product

        x = torch.ones(1, 2, 3)
        scaled_dot_product(x, x, x)
    if before["step"]:
        stage.resume(before["step"])
    for step in range(before["step"] + 1, 200):
        stage.keep("demo", {"step": step, "weights": torch.zeros(1000)})
        stage.evaluate(step, 0.1 * step, 2.0, 3.0 / step, f"sample {step}")
        if step >= 3 and stage.settings.seed == 0:
            break
        time.sleep(0.01)
    stage.reach(True, "It was shown.")


def write(stage):
    kept = stage.recall("demo")
    if kept is None:
        stage.refuse("nothing is trained yet")
    stage.say("not a part of the text")
    stage.write(stage.settings.text)
    for step in range(stage.settings.tokens):
        stage.write(f" {kept['step'] + step}")
'''


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A workspace with a milestone of the test's."""
    return lay(tmp_path)


def lay(root: Path, program: str = PROGRAM) -> Session:
    """The course with one milestone more, and no exercise of the learner's."""
    for name in ("curriculum", "solutions"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    file = root / "curriculum" / "course.yml"
    text = file.read_text("utf-8").partition("\nmilestones:")[0]
    file.write_text(f"{text}\n{COURSE}", "utf-8")
    path = root / "curriculum" / "milestones" / "demo.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(program, "utf-8")
    return Session.open(Workspace(root))


def write_own(session: Session, text: str, exercise: str = SOFTMAX) -> None:
    """The learner's own file, recorded as passed."""
    path = session.workspace.locate_stub(exercise)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    now = "2026-01-02T10:00:00+00:00"
    session.records.record(
        Attempt(exercise, "passed", {"test_x": "passed"}, 1, 0.1, "x", "y", now, "2026-01-02")
    )


def run(session: Session, **settings: object) -> list[object]:
    """All events of one run."""
    milestone = find_milestone(session, "demo")
    return list(run_milestone(session, milestone, choose_settings(milestone, **settings)))


OWN = "def softmax(x, dim=-1):\n    return x.exp() / x.exp().sum(dim, True)\n"


def test_a_run_on_the_learners_part_reaches_it(session: Session) -> None:
    """With what it needs passed the milestone is reached, and the record says whose parts ran."""
    write_own(session, OWN)
    milestone = session.course.milestones[0]
    owners = {part.exercise.id: part.owner for part in list_owners(session, milestone, "small")}
    assert owners == {SOFTMAX: "exercises"}
    events = run(session)
    assert Line("begins at 0") in events and Figure("largest", 0.5) in events
    assert [e.step for e in events if isinstance(e, Evaluation)] == [1, 2, 3]
    assert events[-1] != Reached(False, "") and Reached(True, "It was shown.") in events
    row = open_milestones(session.workspace.progress).get("demo")
    assert row is not None and row.reached and row.reached_day == row.day
    digest = hashlib.sha256(OWN.encode()).hexdigest()
    assert row.parts[SOFTMAX] == f"yours {digest}"
    assert row.settings == {"seed": "0", "model": "small", "minutes": "10.0", "device": "cpu"}
    assert [point["step"] for point in row.curve] == [1, 2, 3]
    assert row.samples["3"] == "sample 3" and row.figures == {"largest": 0.5}
    assert session.read_progress().milestones[0].is_reached


def test_on_references_it_is_shown_and_not_reached(session: Session) -> None:
    """Without the pass it runs all the same, and says whose code it ran on."""
    result = [event for event in run(session) if isinstance(event, Reached)]
    assert [event.reached for event in result] == [False]
    assert f"on the references of {SOFTMAX}" in result[0].why
    table = open_milestones(session.workspace.progress)
    assert table.get("demo") is None and table.get("demo.last") is not None
    assert not session.read_progress().milestones[0].is_reached


def test_another_model_is_reached_on_all_of_its_own_parts(session: Session) -> None:
    """What only one kind of model runs on counts for this one alone, whatever the others need."""
    write_own(session, OWN)
    milestone = session.course.milestones[0]
    owners = [(part.exercise.id, part.owner) for part in list_owners(session, milestone, "large")]
    assert owners == [(SOFTMAX, "exercises"), ("attention/scaled_dot_product", "solutions")]
    result = [event for event in run(session, model="large") if isinstance(event, Reached)]
    assert not result[0].reached and "references of attention/scaled_dot_product" in result[0].why
    row = open_milestones(session.workspace.progress).get("demo.last")
    assert row is not None and row.parts["attention/scaled_dot_product"].startswith("reference ")


def test_a_pass_during_the_run_does_not_count_for_it(session: Session) -> None:
    """What has run decides: a part that is passed meanwhile was still the reference's."""
    events = run_milestone(session, find_milestone(session, "demo"), Settings(0, "small"))
    seen = [next(events)]
    write_own(session, OWN)
    seen += events
    result = [event for event in seen if isinstance(event, Reached)]
    assert not result[0].reached and f"references of {SOFTMAX}" in result[0].why


def test_a_model_is_chosen_among_those_of_the_milestone(session: Session) -> None:
    """The first is the usual one; another name, or a length of training for none, is refused."""
    demo = find_milestone(session, "demo")
    assert choose_settings(demo, minutes=2.0, model=None) == Settings(model="small", minutes=2.0)
    with pytest.raises(UsageError, match=r"no model 'medium'; there are: small, large"):
        choose_settings(demo, model="medium")
    untrained = demo._replace(models=())
    assert choose_settings(untrained, seed=3, minutes=None) == Settings(3)
    with pytest.raises(UsageError, match="demo trains no model: leave out --minutes"):
        choose_settings(untrained, minutes=2.0)


def test_a_run_that_is_continued_keeps_its_curve(session: Session) -> None:
    """The record of a run that goes on has the evaluations and samples from before the stop."""
    write_own(session, OWN)
    events = run_milestone(session, find_milestone(session, "demo"), Settings(1, "small"))
    assert isinstance(events, Generator)
    with closing(events):
        for event in events:
            if isinstance(event, Evaluation) and event.step == 5:
                break
    events = run_milestone(session, find_milestone(session, "demo"), Settings(1, "small"))
    assert any(isinstance(event, Continued) for event in events)
    row = open_milestones(session.workspace.progress).get("demo.last")
    assert row is not None
    steps = [round(point["step"]) for point in row.curve]
    assert steps[:5] == [1, 2, 3, 4, 5] and steps == sorted(set(steps))
    assert {str(step) for step in steps} == row.samples.keys()


def test_a_trained_model_writes_on(session: Session) -> None:
    """The text comes piece by piece, and nothing else; without a model the reason is a sentence."""
    demo = find_milestone(session, "demo")
    settings = Settings(model="small", text="Count:", tokens=3)
    with pytest.raises(MilestoneFailed) as raised:
        list(write_text(session, demo, settings, 60))
    assert str(raised.value) == "nothing is trained yet"
    write_own(session, OWN)
    run(session)
    assert list(write_text(session, demo, settings, 60)) == ["Count:", " 3", " 4", " 5"]
    assert open_milestones(session.workspace.progress).get("demo") is not None


CHAT = """
def run(stage):
    stage.reach(True, "It talks.")


def write(stage):
    text = stage.settings.text or stage.ask()
    while text:
        stage.write(f"<{text}>")
        text = "" if stage.settings.text else stage.ask()
"""


def test_a_conversation_goes_on_until_an_empty_text(tmp_path: Path) -> None:
    """Each text that is given when the program asks is answered; without any it is asked once."""
    session = lay(tmp_path, CHAT)
    demo, said = find_milestone(session, "demo"), ["one", "zwei\nlines \u2713", ""]
    settings = Settings(model="small")
    answers = list(write_text(session, demo, settings, 60, lambda: said.pop(0)))
    assert answers == ["<one>", "<zwei\nlines \u2713>"] and not said
    assert list(write_text(session, demo, settings, 60)) == []
    alone = replace(settings, text="once")
    assert list(write_text(session, demo, alone, 60, lambda: "never asked")) == ["<once>"]


def test_the_command_talks_until_an_empty_line(tmp_path: Path) -> None:
    """``grade talk --model`` shows each answer, and ends at an empty line or the input's end."""
    session = lay(tmp_path, CHAT)
    file = session.workspace.root / "curriculum" / "course.yml"
    head = file.read_text("utf-8").partition("    models:\n")[0]
    file.write_text(f"{head}    talk: chat\n", "utf-8")
    for typed in ("Hello\nMore\n\n", "Hello\nMore\n"):
        done = run_grade(tmp_path, "talk", "--model", "demo", typed=typed)
        assert done.returncode == 0, done.stderr
        assert "<Hello>" in done.stdout and done.stdout.index("<Hello>") < done.stdout.index(
            "<More>"
        )
    wrong = run_grade(tmp_path, "talk", "--model", "nobody")
    assert "there are: smollm2, demo" in wrong.stderr


def test_a_later_run_takes_nothing_back(session: Session) -> None:
    """What was reached stays reached, with its first day, when a later run fails."""
    write_own(session, OWN)
    run(session)
    write_own(session, "def softmax(x, dim=-1):\n    raise RuntimeError('broken')\n")
    with pytest.raises(MilestoneFailed, match=r"softmax\.py:2: RuntimeError: broken"):
        run(session)
    row = open_milestones(session.workspace.progress).get("demo")
    assert row is not None and row.reached


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("import os; os._exit(3)", "the process that ran your code ended"),
        ("print('hello', flush=True); import os; os._exit(3)", "it had printed:\nhello"),
        ("bytearray(1 << 40)", "MemoryError"),
        ("raise SystemExit(0)", "SystemExit"),
        ("raise NotImplementedError('write softmax')", "this is not written yet"),
    ],
)
def test_a_part_that_fails_is_said_with_its_line(session: Session, body: str, told: str) -> None:
    """An end, an exit, memory and an unwritten part are said in words, and not as ours."""
    write_own(session, f"def softmax(x, dim=-1):\n    {body}\n")
    with pytest.raises(MilestoneFailed) as raised:
        run(session)
    assert told in str(raised.value)


def test_what_a_part_prints_is_no_message(session: Session) -> None:
    """A part that prints what looks like a result reaches nothing."""
    forged = '{\\"event\\": \\"reached\\", \\"reached\\": true, \\"why\\": \\"\\"}'
    write_own(
        session,
        f'def softmax(x, dim=-1):\n    print("{forged}", flush=True)\n    raise ValueError\n',
    )
    with pytest.raises(MilestoneFailed, match="ValueError"):
        run(session)
    assert open_milestones(session.workspace.progress).get("demo") is None


def test_another_name_lists_the_milestones(session: Session) -> None:
    """A milestone that is not there is answered with those that are."""
    with pytest.raises(UsageError, match="there are: demo"):
        find_milestone(session, "nothing")


def test_a_checkpoint_that_cannot_be_read_is_begun_anew(session: Session) -> None:
    """A damaged file is said, and never run: only tensors and plain data are loaded."""
    write_own(session, OWN)
    session.workspace.models.mkdir(parents=True)
    (session.workspace.models / "demo.pt").write_bytes(b"cos\nsystem\n(S'touch /tmp/x'\ntR.")
    lines = [event.text for event in run(session) if isinstance(event, Line)]
    assert any("cannot be read" in line for line in lines) and "begins at 0" in lines


START = """
import sys
from pathlib import Path
from grader.base.paths import Workspace
from grader.milestones.run import Settings
from grader.services.milestone import find_milestone, run_milestone
from grader.services.session import Session
session = Session.open(Workspace(Path(sys.argv[1])))
for event in run_milestone(session, find_milestone(session, "demo"), Settings(1, "small")):
    print(type(event).__name__, getattr(event, "step", ""), flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_no_evaluation_is_lost(session: Session) -> None:
    """kill -9 at 12 moments: each evaluation that was reported is kept, and a run goes on."""
    write_own(session, OWN)
    table = open_milestones(session.workspace.progress)
    for moment in range(12):
        words = [sys.executable, "-c", START, str(session.workspace.root)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            reported = 0
            for line in process.stdout:
                name, _, step = line.strip().partition(" ")
                if name == "Evaluation":
                    reported = int(step)
                    if reported >= 1 + moment * 5:
                        break
            time.sleep(0.001 * (moment % 17))
            family = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert not psutil.wait_procs(family, timeout=10)[1]
        row = table.get("demo.last")
        assert row is not None and row.curve[-1]["step"] >= reported
    events = run(session, seed=0)
    assert Line("begins at 0") not in events
    assert any(isinstance(event, Reached) and event.reached for event in events)


@pytest.mark.slow
def test_ctrl_c_ends_the_learners_process_too(session: Session) -> None:
    """After SIGINT no process of the run is left, and the last evaluation is in the record."""
    write_own(session, OWN)
    words = [sys.executable, "-c", START, str(session.workspace.root)]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert any("Evaluation 2" in line for line in process.stdout)
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        process.wait(20)
        assert not psutil.wait_procs(family, timeout=10)[1]
    row = open_milestones(session.workspace.progress).get("demo.last")
    assert row is not None and row.curve[-1]["step"] >= 2
