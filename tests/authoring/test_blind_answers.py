"""Blind trials: each answer says what it is, is graded as a learner's file is, counted and kept."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from grader.authoring import BlindResult, TrialLedger, count_results, grade_answers, list_answers
from grader.base.errors import CourseError
from grader.grading.client import Engine
from grader.services.parallel import SilentObserver

HEAD = "# wrong: {} | violates: Double each number.\n"
TWICE = "def twice(x):\n    if isinstance(x, str):\n        raise ValueError\n    return {}\n"

ANSWERS = {
    "01_right": "# right: a product\n" + TWICE.format("2 * x"),
    "02_refused": "# right: numbers grow\n" + TWICE.format("x + 1"),
    "03_square": HEAD.format("the square") + TWICE.format("x * x"),
    "04_passes": HEAD.format("nothing that a check sees") + TWICE.format("x + x"),
    "05_says_it": HEAD.format("a list") + TWICE.format("[2 * x]"),
    "06_unknown": HEAD.format("a strange number") + TWICE.format("x * 7.25"),
    "07_broken": HEAD.format("not Python") + "def twice(x:\n",
}


def write(folder: Path, answers: dict[str, str]) -> Path:
    """Write a trial's folder."""
    for name, text in answers.items():
        path = folder / "demo" / "twice" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.mark.slow
def test_a_trial_counts_what_became_of_each_answer(
    small: Any, engine: Engine, tmp_path: Path
) -> None:
    """Wrong answers that pass and right ones that are refused stand out; the others are sorted."""
    session = small.open_session()
    answers = list_answers(session.course, write(tmp_path / "trial", ANSWERS))
    results = list(grade_answers(session, engine, answers, SilentObserver()))
    assert [one.answer.path.stem for one in results if one.is_misjudged] == [
        "02_refused",
        "04_passes",
    ]
    assert {_stem(one): one.explanation for one in results if one.answer.wrong} == {
        "03_square": "named",
        "04_passes": "",
        "05_says_it": "said",
        "06_unknown": "",
        "07_broken": "said",
    }
    assert all(0 < one.verdict_after <= one.explained_after for one in results)
    (count,) = count_results(results)
    assert (count.wrong, count.caught, count.named, count.said) == (5, 4, 1, 2)
    assert (count.right, count.accepted) == (2, 1)
    assert session.records.read_attempts() == []


def test_an_answer_must_say_what_it_is(small: Any, tmp_path: Path) -> None:
    """A first line of another form, and an exercise that is not there, are named with the file."""
    course = small.open_session().course
    folder = write(tmp_path / "trial", {"01_mute": "def twice(x):\n    return x\n"})
    with pytest.raises(CourseError, match=r"01_mute.py:1:1: the first line"):
        list_answers(course, folder)
    (folder / "demo" / "twice").rename(folder / "demo" / "thrice")
    with pytest.raises(CourseError, match="no such exercise"):
        list_answers(course, folder)


def _stem(result: BlindResult) -> str:
    return result.answer.path.stem


SOUND = {name: ANSWERS[name] for name in ("01_right", "03_square", "06_unknown")}
"""Answers that are judged rightly."""


def grade(small: Any, engine: Engine, folder: Path) -> list[str]:
    """Grade what has changed; return the exercises that the ledger keeps."""
    session = small.open_session()
    ledger = TrialLedger(session, folder)
    answers = ledger.list_changed(list_answers(session.course, folder))
    return ledger.keep(grade_answers(session, engine, answers, SilentObserver()))


def count_changed(small: Any, folder: Path) -> int:
    """How many answers are to be graded again."""
    session = small.open_session()
    return len(TrialLedger(session, folder).list_changed(list_answers(session.course, folder)))


@pytest.mark.slow
def test_what_is_kept_is_graded_again_when_a_file_changes(
    small: Any, engine: Engine, tmp_path: Path
) -> None:
    """An answer, the checks, the mistakes and the reference each count; a lesson does not."""
    folder = write(tmp_path / "trial", SOUND)
    assert count_changed(small, folder) == 3
    assert grade(small, engine, folder) == ["demo/twice"]
    assert count_changed(small, folder) == 0
    session = small.open_session()
    known = TrialLedger(session, folder).find(
        session.find_one("demo/twice"), list_answers(session.course, folder)
    )
    assert known is not None and (known.wrong, known.caught, known.right) == (2, 2, 1)
    workspace = session.workspace
    for path in (
        workspace.locate_checks("demo/twice"),
        workspace.locate_mistakes("demo/twice"),
        workspace.locate_reference("demo/twice"),
        folder / "demo" / "twice" / "03_square.py",
    ):
        before = path.read_text("utf-8")
        path.write_text(before + "\n# changed\n", "utf-8")
        assert count_changed(small, folder) == 3
        path.write_text(before, "utf-8")
    lesson = workspace.locate_lesson("demo/twice")
    before = lesson.read_text("utf-8")
    lesson.write_text(before + "\nMore.\n", "utf-8")
    assert count_changed(small, folder) == 0
    lesson.write_text(before, "utf-8")


@pytest.mark.slow
def test_a_misjudged_answer_is_never_kept(small: Any, engine: Engine, tmp_path: Path) -> None:
    """An exercise with a wrong answer that passes stays to be graded, and loses its entry."""
    folder = write(tmp_path / "trial", SOUND)
    assert grade(small, engine, folder) == ["demo/twice"]
    write(folder, {"04_passes": ANSWERS["04_passes"]})
    assert grade(small, engine, folder) == []
    assert count_changed(small, folder) == 4


@pytest.mark.parametrize("text", ["[]", "{", '{"demo/twice": 3}', "\x00"])
def test_what_is_no_ledger_is_said_with_its_place(small: Any, tmp_path: Path, text: str) -> None:
    """A damaged ledger is a fault with the file's name and what to do."""
    (tmp_path / "ledger.json").write_text(text, "utf-8")
    with pytest.raises(CourseError, match=r"ledger\.json:1:1: no ledger of trials"):
        TrialLedger(small.open_session(), tmp_path)


@pytest.mark.slow
def test_a_killed_trial_has_kept_what_was_complete(begin: Any, tmp_path: Path) -> None:
    """The ledger has each exercise as soon as its last answer is graded."""
    course = begin("once", "twice")
    course.stubs()
    folder = tmp_path / "trial"
    right = "# right: a product\n" + TWICE.format("2 * x")
    waits = f"# right: takes its time\nimport time\ntime.sleep(3)\n{TWICE.format('2 * x')}"
    for name, text in (("once", right), ("twice", waits)):
        path = folder / "demo" / name / "01.py"
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    command = [sys.executable, "-m", "grader.cli.main", "author", "trial", str(folder), "--write"]
    with subprocess.Popen(command, cwd=course.workspace.root, stdout=subprocess.PIPE) as running:
        end = time.monotonic() + 100
        while not (folder / "ledger.json").is_file() and time.monotonic() < end:
            assert running.poll() is None
            time.sleep(0.05)
        running.kill()
    assert list(json.loads((folder / "ledger.json").read_text("utf-8"))) == ["demo/once"]
