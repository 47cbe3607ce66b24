"""Mutants put to checks: weak checks are shown by what they let through, reasons are held to."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.authoring import Tally, mutate, stray_files
from grader.cli.commands.author import author
from grader.grading.client import Engine

REFUSED = "    with pytest.raises(ValueError):\n"
WEAK = "    with pytest.raises((ValueError, TypeError)):\n"
"""Lets one mutant through: the one that raises TypeError."""
RAISED = 'raise {}("a word is no number")'
WHY = "equivalent:\n  - was: '{}'\n    becomes: '{}'\n    reason: Nobody can tell.\n"


def tried(small: Any, engine: Engine, **more: Any) -> Tally:
    """What became of the mutants of the one exercise."""
    session = small.open_session()
    (tally,) = mutate(session, engine, list(session.course.iterate_exercises()), **more)
    return tally


def explain(small: Any, was: str, becomes: str) -> Path:
    """Write the reason for one change."""
    path: Path = small.workspace.locate_equivalents("demo/twice")
    path.write_text(WHY.format(was, becomes), "utf-8")
    return path


def command(small: Any, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """``grade author mutate`` in the course."""
    monkeypatch.chdir(small.workspace.root)
    return CliRunner().invoke(author, ["mutate", *words])


def test_sharp_checks_notice_every_mutant(small: Any, engine: Engine) -> None:
    """Nothing survives the checks of a sound exercise, and a line says so."""
    told: list[str] = []
    tally = tried(small, engine, tell=told.append)
    assert (tally.survivors, tally.faults, tally.percent) == ((), (), 100)
    assert tally.noticed == tally.mutants >= 10
    assert told == [
        f"demo/twice: {tally.mutants} mutants, {tally.mutants} noticed, {tally.seconds:.1f} s"
    ]


def test_a_weak_check_lets_one_through_and_a_sharp_one_does_not(small: Any, engine: Engine) -> None:
    """The survivor is named with its line, its words and its diff, and is gone when mended."""
    small.edit("twice", "checks", REFUSED, WEAK)
    (survivor,) = tried(small, engine).unexplained
    assert survivor.line == small.line(small.part("twice", "reference"), "raise ValueError")
    assert survivor.says == "ValueError becomes TypeError"
    assert f"-        {RAISED.format('ValueError')}" in survivor.diff.splitlines()
    assert f"+        {RAISED.format('TypeError')}" in survivor.diff.splitlines()
    small.edit("twice", "checks", WEAK, REFUSED)
    assert tried(small, engine).survivors == ()


def test_what_is_known_is_not_run_again(small: Any, counted: Any) -> None:
    """An unchanged exercise starts no run and takes under a second; a changed one is run."""
    small.edit("twice", "checks", REFUSED, WEAK)
    first = tried(small, counted)
    runs, began = len(counted.plans), time.perf_counter()
    again = tried(small, counted)
    assert time.perf_counter() - began < 1
    assert len(counted.plans) == runs > first.mutants
    assert (again.survivors, again.mutants) == (first.survivors, first.mutants)
    tried(small, counted, cached=False)
    assert len(counted.plans) == 2 * runs
    small.edit("twice", "checks", WEAK, REFUSED)
    tried(small, counted)
    assert len(counted.plans) == 3 * runs


def test_an_explained_survivor_is_left_out(small: Any, engine: Engine) -> None:
    """A change with its reason counts neither for nor against the checks."""
    small.edit("twice", "checks", REFUSED, WEAK)
    explain(small, RAISED.format("ValueError"), RAISED.format("TypeError"))
    tally = tried(small, engine)
    assert (len(tally.survivors), tally.unexplained, tally.faults) == (1, (), ())
    assert tally.percent == 100 and tally.noticed == tally.mutants - 1
    assert stray_files.find_faults(small.workspace, small.open_session().course) == []


@pytest.mark.slow
def test_a_reason_for_what_no_longer_survives_is_a_fault(small: Any, engine: Engine) -> None:
    """The entry is named at its line, and what to do with it."""
    explain(small, RAISED.format("ValueError"), RAISED.format("TypeError"))
    (fault,) = tried(small, engine).faults
    assert (fault.path.as_posix(), fault.line, fault.column) == (
        "curriculum/demo/equivalent_twice.yml",
        2,
        5,
    )
    assert "no longer survives" in fault.problem and fault.remedy == "delete the entry"


@pytest.mark.slow
def test_a_list_of_reasons_is_read_like_any_file_of_the_course(small: Any, engine: Engine) -> None:
    """A missing reason, an unknown key and a change told twice each have their place."""
    path = explain(small, "a", "b")
    text = path.read_text("utf-8")
    twice = "  - {was: c, becomes: d, reason: e}\n" * 2
    path.write_text(text.replace("reason: Nobody", "because: Nobody") + twice, "utf-8")
    told = [(fault.line, fault.problem) for fault in tried(small, engine).faults]
    assert (2, "an item of equivalent lacks the key reason") in told
    assert (4, 'unknown key "because"') in told
    assert (6, 'duplicate change to "d"') in told


def test_an_endless_mutant_costs_its_own_deadline_only(small: Any, engine: Engine) -> None:
    """A loop that no longer ends is noticed by a short deadline, whatever the exercise's is."""
    unit = small.workspace.locate_unit_file("demo")
    small.replace(unit, "call_seconds: 1\n", "call_seconds: 300\n")
    loop = "    n = 2\n    while n > 1:\n        n -= 1\n    return x + x * n\n"
    small.edit("twice", "reference", "    return x + x\n", loop)
    began = time.perf_counter()
    tally = tried(small, engine)
    assert time.perf_counter() - began < 200
    assert not any(one.becomes in ("n += 1", "pass") for one in tally.survivors)


def test_a_reference_that_fails_its_checks_says_nothing_of_mutants(
    small: Any, engine: Engine
) -> None:
    """Every mutant would count as noticed; so it is told, and not kept."""
    small.edit("twice", "reference", "return x + x", "return x + x + 1")
    for _ in range(2):
        tally = tried(small, engine)
        assert [fault.problem for fault in tally.faults] == [
            "the reference does not pass its own checks"
        ]
        assert tally.mutants == 0


def test_a_check_that_breaks_has_noticed_nothing(small: Any, engine: Engine) -> None:
    """Where a check itself raises, a learner would get no verdict: the mutant is listed."""
    old = f'{REFUSED}        twice("word")\n'
    new = '    try:\n        twice("word")\n    except ValueError:\n        pass\n'
    new += '    except TypeError:\n        raise GraderFault("no sense in it")\n'
    small.edit("twice", "checks", old, new)
    small.edit(
        "twice",
        "checks",
        "import torch\n",
        "import torch\nfrom grader.base.errors import GraderFault\n",
    )
    broken = [one for one in tried(small, engine).unexplained if one.breaks]
    assert [one.says for one in broken] == ["ValueError becomes TypeError"]
    assert "no sense in it" in broken[0].breaks


def test_the_command_lists_survivors_and_fails(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexplained survivor gives 1, unless --least is content; an explained one gives 0."""
    small.edit("twice", "checks", REFUSED, WEAK)
    found = command(small, monkeypatch)
    line = small.line(small.part("twice", "reference"), "raise ValueError")
    where = f"solutions/demo/twice.py:{line}: no check notices it: ValueError becomes TypeError"
    assert found.exit_code == 1 and where in found.stdout.splitlines()
    assert f"  +        {RAISED.format('TypeError')}" in found.stdout.splitlines()
    assert command(small, monkeypatch, "--least", "80").exit_code == 0
    assert command(small, monkeypatch, "--least", "99").exit_code == 1
    explain(small, RAISED.format("ValueError"), RAISED.format("TypeError"))
    assert command(small, monkeypatch, "twice").exit_code == 0
    small.edit("twice", "checks", WEAK, REFUSED)
    stale = command(small, monkeypatch, "demo")
    assert stale.exit_code == 1
    assert "curriculum/demo/equivalent_twice.yml:2:5: the change to" in stale.stdout
