"""A new exercise: it loads at once, disturbs nothing, and the gate says what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from grader.authoring import begin_exercise, check, write_stubs
from grader.base.errors import CourseError, UsageError
from grader.course.loader.loading import load
from grader.grading.client import Engine


@pytest.mark.slow
def test_a_new_exercise_loads_and_fails_the_gate(small: Any, engine: Engine) -> None:
    """Its five pieces are there; the gate counts what they lack and finds no other fault."""
    done = begin_exercise(small.workspace, "demo/thrice")
    assert done.phase == ""
    assert {small.workspace.show_path(path) for path in (*done.written, *done.changed)} == {
        "solutions/demo/thrice.py",
        "curriculum/demo/check_thrice.py",
        "curriculum/demo/mistakes_thrice.py",
        "curriculum/demo/thrice.md",
        "curriculum/demo/unit.yml",
    }
    session = small.open_session()
    write_stubs(session)
    faults = check(session, engine, [session.course.find_exercise("demo/thrice")])
    assert {fault.problem for fault in faults} == {
        "1 check",
        "1 mistake",
        "the lesson has 36 words beside code and formulas",
        "the snippet prints something else: '3'",
        "the lesson has neither a formula nor a table",
        '"To read" has no link',
        "every check passes when thrice gives its first argument",
    }


def test_an_entry_is_added_and_nothing_else_changes(small: Any) -> None:
    """Comments, order and a key after the list stay where they are."""
    unit = small.workspace.locate_unit_file("demo")
    before = unit.read_text("utf-8").replace("title: Demo\n", "") + "# the end\n\ntitle: Demo\n"
    unit.write_text(before, "utf-8")
    begin_exercise(small.workspace, "demo/thrice")
    after = unit.read_text("utf-8")
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert added[0] == "  - id: thrice"
    assert [line for line in after.splitlines() if line not in added] != []
    assert after.startswith(before.partition("# the end")[0])
    assert after.endswith("title: Demo\n")
    assert [e.id for e in load(small.workspace).iterate_exercises()] == [
        "demo/twice",
        "demo/thrice",
    ]


@pytest.mark.parametrize(
    ("units", "after"),
    [
        ("units: [demo]", "units: [demo, more]"),
        ("units:\n      - demo\n", "units:\n      - demo\n      - more\n"),
        ("units: [  # a note\n      demo]", "units: [  # a note\n      demo, more]"),
    ],
)
def test_a_new_unit_joins_the_last_phase(small: Any, units: str, after: str) -> None:
    """course.yml names it whichever way its list is written, and keeps all else."""
    course = small.workspace.course_file
    head = "title: Small\nobjectives: []\nphases:\n  - id: first\n    title: First\n"
    head += "    weeks: [1, 2]\n    "
    course.write_text(head + units, "utf-8")
    done = begin_exercise(small.workspace, "more/thrice")
    assert done.phase == "first"
    assert course.read_text("utf-8") == head + after
    assert [unit.id for unit in load(small.workspace).iterate_units()] == ["demo", "more"]


def test_an_empty_phase_takes_the_first_unit(small: Any) -> None:
    """Empty brackets are filled."""
    course = small.workspace.course_file
    phase = "  - {id: last, title: Last, weeks: [1, 2], units: []}\n"
    course.write_text(course.read_text("utf-8") + phase, "utf-8")
    assert begin_exercise(small.workspace, "more/thrice").phase == "last"
    assert "units: [more]" in course.read_text("utf-8")


@pytest.mark.parametrize(
    "part", ["reference", "checks", "mistakes", "lesson", "stub"], ids=lambda part: part
)
def test_nothing_is_overwritten(small: Any, part: str) -> None:
    """One file that is there already is named, and nothing is written at all."""
    path = small.part("thrice", part)
    path.write_text("mine\n", "utf-8")
    before = sorted(small.workspace.root.rglob("*"))
    with pytest.raises(UsageError, match=rf"{path.name}; nothing was written"):
        begin_exercise(small.workspace, "demo/thrice")
    assert sorted(small.workspace.root.rglob("*")) == before
    assert path.read_text("utf-8") == "mine\n"


@pytest.mark.parametrize(
    "name", ["thrice", "demo/Thrice", "demo/", "../x/y", "demo/class", "a/b/c", "demo/2x", ""]
)
def test_a_name_that_will_not_do_is_refused(small: Any, name: str) -> None:
    """A name is unit/exercise, of small letters, digits and underscores."""
    with pytest.raises(UsageError, match="write unit/exercise"):
        begin_exercise(small.workspace, name)


def test_a_faulty_course_is_mended_first(small: Any) -> None:
    """The course's own faults are told, and nothing is written."""
    small.part("twice", "lesson").unlink()
    with pytest.raises(CourseError, match="the lesson of demo/twice does not exist"):
        begin_exercise(small.workspace, "demo/thrice")
    assert not small.part("thrice", "reference").exists()


def test_a_form_that_cannot_be_added_to_is_refused(small: Any) -> None:
    """A unit whose exercises stand in brackets is left as it is, with the entry to add."""
    unit = small.workspace.locate_unit_file("demo")
    entry = "{id: twice, title: T, summary: S, writes: [twice], minutes: 1, hints: [A, B, C]}"
    text = f"title: Demo\nsummary: Small.\nexercises: [{entry}]\n"
    unit.write_text(text, "utf-8")
    with pytest.raises(UsageError, match="by hand"):
        begin_exercise(small.workspace, "demo/thrice")
    assert unit.read_text("utf-8") == text
    assert not small.part("thrice", "reference").exists()
