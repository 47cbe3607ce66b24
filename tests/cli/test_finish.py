"""A finished unit: what is announced, and what its demo does with an input of the learner's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import site_workspace
from grade_command import lay_workspace, run_grade

from grader.base.paths import Workspace
from grader.course.loader.loading import load
from grader.learner.records import Records
from grader.services.demo import run_demo
from grader.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
UNITS = [unit.id for unit in load(Workspace(ROOT)).iterate_units()]
LORA = "lora/lora_linear"


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which no exercise of the unit LoRA is written."""
    return lay_workspace(tmp_path_factory.mktemp("finish") / "own")


@pytest.fixture
def root(laid: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(laid, tmp_path / "own", symlinks=True))


def finish_unit(root: Path) -> None:
    """Write the reference of every exercise of the unit LoRA."""
    for path in (root / "solutions" / "lora").glob("*.py"):
        shutil.copy(path, root / "exercises" / "lora" / path.name)


def write(root: Path, text: str) -> None:
    """Write the learner's file."""
    (root / "exercises" / f"{LORA}.py").write_text(text, "utf-8")


@pytest.mark.slow
def test_the_pass_that_finishes_a_unit_announces_it_once(root: Path) -> None:
    """What the learner has now, what to try and a line for the log; not again for another pass."""
    finish_unit(root)
    done = run_grade(root, "lora")
    assert done.returncode == 0, done.stdout + done.stderr
    finish = done.stdout.partition("Unit finished")[2].splitlines()
    count = len([*(root / "solutions" / "lora").glob("[a-z]*.py")])
    assert finish[0] == f"  LoRA: all {count} exercises are passed."
    assert 'Try it  grade try lora "768 768 8"' in finish
    line = next(text for text in finish if text.startswith("Log it"))
    assert line.startswith('Log it  grade log "Finished LoRA') and line.endswith('"')
    assert "Unit finished" not in run_grade(root, LORA).stdout
    listed = run_grade(root, "try").stdout.splitlines()
    assert [text for text in listed if text.startswith("[x]")] == [
        '[x] LoRA          grade try lora "768 768 8"'
    ]


@pytest.mark.slow
def test_the_pass_that_finishes_a_phase_announces_it_once(tmp_path: Path) -> None:
    """With the time that it took; a pass before that says nothing of it, nor does one after it."""
    own = site_workspace.lay(tmp_path / "own")
    for exercise in ("numbers/triple", "attention/softmax"):
        records = Records(own.progress)
        for minute in (10, 40):
            at = f"2026-11-22T20:{minute}:00+00:00"
            records.record(site_workspace.attempt(own, exercise, "2026-11-22", at=at))
    stub = own.locate_stub("numbers/double")
    stub.parent.mkdir(parents=True, exist_ok=True)
    assert "Phase finished" not in run_grade(own.root, "numbers/double").stdout
    shutil.copy(own.locate_reference("numbers/double"), stub)
    done = run_grade(own.root, "numbers/double")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Phase finished  First steps: all 3 exercises are passed in 0.5 hours" in done.stdout
    assert "Phase finished" not in run_grade(own.root, "numbers/double").stdout


@pytest.mark.slow
def test_first_words_can_be_tried_after_the_first_milestone(root: Path) -> None:
    """The unit's fourth exercise is not needed for that: what it will add is said."""
    for name in ("bigram", "write", "nats"):
        path = Path("first_words") / f"{name}.py"
        shutil.copy(root / "solutions" / path, root / "exercises" / path)
    done = run_grade(root, "try", "first_words", "my own words")
    assert done.returncode == 0, done.stderr
    assert "nats per character for your text" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Write first_words/bigram_by_gradient")


@pytest.mark.slow
def test_a_unit_is_not_finished_by_one_of_its_exercises(root: Path) -> None:
    """A pass in the middle of a unit announces nothing, and JSON never does."""
    path = Path("attention") / "softmax.py"
    shutil.copy(root / "solutions" / path, root / "exercises" / path)
    done = run_grade(root, "attention/softmax")
    assert done.returncode == 0 and "Unit finished" not in done.stdout
    finish_unit(root)
    done = run_grade(root, "lora", "--json")
    assert done.returncode == 0 and "Unit finished" not in done.stdout


@pytest.mark.slow
def test_try_runs_the_learners_own_code(root: Path) -> None:
    """The input is theirs, and so is the code: a wrong answer shows, an error has its line."""
    right = (root / "solutions" / f"{LORA}.py").read_text("utf-8")
    write(root, right)
    done = run_grade(root, "try", "lora", "10", "20", "2")
    assert done.returncode == 0, done.stderr
    assert "from 10 to 20 features with LoRA of rank 2" in done.stdout
    assert "trained            60 parameters" in done.stdout
    write(root, right.replace("super().__init__()", "super().__init__()\n        1 / 0"))
    done = run_grade(root, "try", "lora")
    assert done.returncode == 1
    assert f"exercises/{LORA}.py:" in done.stderr and "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_try_says_what_is_not_written_and_what_never_ends(root: Path) -> None:
    """An unwritten exercise, an endless loop and a process that ends itself: words, exit code 1."""
    done = run_grade(root, "try", "lora")
    assert done.returncode == 1 and "this is not written yet" in done.stderr
    write(root, "while True:\n    pass\n")
    done = run_grade(root, "try", "lora", "--seconds", "5")
    assert done.returncode == 1 and "no result after 5 seconds" in done.stderr
    write(root, "import os\nos._exit(7)\n")
    done = run_grade(root, "try", "lora")
    assert done.returncode == 1 and "ended with code 7" in done.stderr


def test_a_unit_that_is_not_there_is_said(root: Path) -> None:
    """The nearest name is suggested; a unit without a demo says so."""
    assert "did you mean lora?" in run_grade(root, "try", "loraa").stderr
    (root / "curriculum" / "lora" / "demo.py").unlink()
    done = run_grade(root, "try", "lora")
    assert done.returncode == 2 and "has nothing to try yet" in done.stderr


def test_a_line_that_a_shell_would_change_is_refused(root: Path) -> None:
    """The log's line is pasted in double quotes, so it has no dollar sign."""
    file = root / "curriculum" / "lora" / "unit.yml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('log: "Finished', 'log: "Finished $HOME'), "utf-8")
    done = run_grade(root, "list")
    assert done.returncode == 2
    assert "curriculum/lora/unit.yml:" in done.stderr and "without double quotes, $" in done.stderr


@pytest.mark.slow
def test_a_text_may_begin_with_a_minus(root: Path) -> None:
    """Numbers below zero are no options."""
    done = run_grade(root, "try", "quantization", "-0.5", "2", "--target", "solutions")
    assert done.returncode == 0, done.stderr
    assert "-0.5" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", UNITS)
def test_every_unit_has_a_demo_that_runs_with_its_example(name: str) -> None:
    """With the references it prints something about the example, and about another text."""
    session = Session.open(Workspace(ROOT))
    unit = next(unit for unit in session.course.iterate_units() if unit.id == name)
    assert unit.finish is not None
    for text in (unit.finish.example, "Zoë, 1 2 3 🙂"):
        assert run_demo(session, unit, text, "solutions", 60).strip()
