"""The table of quality: every proof of an exercise counted, and written between its marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.authoring import measure_quality
from grader.authoring.quality import BEGIN, END, QualityRow
from grader.cli.commands.author import author
from grader.grading.client import Engine

pytestmark = pytest.mark.slow

STYLE = '''"""Twice in a style of its own."""

import math


def twice(x):
    """Shift to the left."""
    if isinstance(x, str):
        raise ValueError("no")
    return x * math.trunc(2.5)
'''
PAGE = f"# Quality\n\nBefore.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n"


def submit(small: Any, name: str, text: str, kind: str = "styles") -> Path:
    """Put a sample for the one exercise."""
    path: Path = small.workspace.locate_samples(kind) / "demo" / f"twice_{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def row(small: Any, engine: Engine) -> QualityRow:
    """The figures of the one exercise."""
    session = small.open_session()
    (found,) = measure_quality(session, engine, list(session.course.iterate_exercises())).rows
    return found


def command(small: Any, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """``grade author quality`` in the course."""
    monkeypatch.chdir(small.workspace.root)
    return CliRunner().invoke(author, ["quality", *words])


def test_every_proof_is_counted(small: Any, engine: Engine) -> None:
    """Checks, mistakes, mutants, right answers that pass and one that does not, and the time."""
    submit(small, "shift", STYLE)
    submit(small, "thrice", STYLE.replace("2.5", "3.5"))
    submit(
        small, "torch", STYLE.replace("math", "torch").replace("trunc(2.5)", "tensor(2)"), "peers"
    )
    found = row(small, engine)
    assert found.format_cells()[:4] == ("demo/twice", "6", "8/8", "8/8")
    assert found.mutants.good == found.mutants.of >= 10
    assert found.format_cells()[5:8] == ("0", "1/2", "1/1")
    assert 0 < found.seconds < 5


def test_a_spoiled_exercise_is_counted_as_it_is(small: Any, engine: Engine) -> None:
    """A mistake that its check does not catch, a draw that names nobody, a survivor: all show."""
    small.edit("twice", "mistakes", "return x.abs() * 2", "return x + x + 1")
    small.edit("twice", "checks", "raises(ValueError):", "raises((ValueError, TypeError)):")
    found = row(small, engine)
    assert (str(found.caught), str(found.named)) == ("8/8", "6/8")
    assert (found.mutants.of - found.mutants.good, found.explained) == (1, 0)
    small.edit("twice", "mistakes", 'by("test_zero_stays_zero")', 'by("test_a_word_is_refused")')
    assert str(row(small, engine).caught) == "7/8"


def test_what_is_known_is_counted_without_a_run(small: Any, counted: Any) -> None:
    """A second count finds every figure where the first has kept it."""
    submit(small, "shift", STYLE)
    first, runs = row(small, counted), len(counted.plans)
    assert row(small, counted) == first
    assert len(counted.plans) == runs
    submit(small, "shift", STYLE + "\n")
    assert row(small, counted) == first
    assert [plan.source.text for plan in counted.plans[runs:]] == [STYLE + "\n"]


def test_the_command_prints_the_table_and_writes_it_between_the_marks(
    small: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands around the marks stays; a style that fails is told, and the exit code is 1."""
    small.workspace.quality.parent.mkdir()
    small.workspace.quality.write_text(PAGE, "utf-8")
    submit(small, "shift", STYLE)
    done = command(small, monkeypatch, "--write")
    assert done.exit_code == 0, done.output
    head, line, total, _ = done.stdout.splitlines()
    assert head.split()[:3] == ["exercise", "checks", "caught"]
    assert line.split()[:3] == ["demo/twice", "6", "8/8"]
    assert total.split()[:3] == ["1", "exercises", "6"]
    text = small.workspace.quality.read_text("utf-8")
    assert text.startswith(f"# Quality\n\nBefore.\n\n{BEGIN}\n")
    assert text.endswith(f"\n{END}\n\nAfter.\n")
    assert "| demo/twice | 6 | 8/8 | 8/8 |" in text and "| old |" not in text
    submit(small, "shift", STYLE.replace("2.5", "1.5"))
    wrong = command(small, monkeypatch)
    assert wrong.exit_code == 1
    assert (
        "tests/styles/demo/twice_shift.py: test_one_and_two_become_two_and_four: " in wrong.stdout
    )


def test_a_page_without_marks_is_refused_before_anything_runs(
    small: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names what the page lacks."""
    done = command(small, monkeypatch, "--write")
    assert "the page has no line <!-- table -->" in str(done.exception)


def test_a_peer_without_its_library_is_told_and_never_written(
    small: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that hides a peer would say that all is well."""
    small.workspace.quality.parent.mkdir()
    small.workspace.quality.write_text(PAGE, "utf-8")
    submit(small, "lost", STYLE.replace("math", "no_such_library"), "peers")
    assert "peers need no_such_library" in str(command(small, monkeypatch, "--write").exception)
    assert small.workspace.quality.read_text("utf-8") == PAGE
    done = command(small, monkeypatch)
    assert "tests/peers/demo/twice_lost.py: not run without no_such_library" in done.stdout
    assert (done.exit_code, done.stdout.splitlines()[1].split()[7]) == (0, "0/1")
