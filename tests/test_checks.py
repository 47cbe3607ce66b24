"""The one public face for course code: what stands in it is documented, and all that is used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from _pytest.fixtures import FixtureFunctionDefinition

from grader import checks
from grader.grading.judge.fixtures import FOR_CHECKS, OURS, Fixtures

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (?P<names>`.+`) \| (?P<source>`grader\.checks`|fixture) \|", re.M)
"""A row of CONTRIBUTING's table: names, and whether they are imported or asked for."""
FOLDERS = ("curriculum", "tests/styles", "tests/peers")
"""Where course code lies."""


def read_table() -> dict[str, list[str]]:
    """Return the names that CONTRIBUTING documents, by their source."""
    found: dict[str, list[str]] = {"`grader.checks`": [], "fixture": []}
    for row in ROW.finditer((ROOT / "CONTRIBUTING.md").read_text("utf-8")):
        found[row["source"]] += re.findall(r"`(\w+)[^`]*`", row["names"])
    return found


def test_every_public_name_is_documented_and_there() -> None:
    """CONTRIBUTING's table has a row for each name of grader.checks, and for no other."""
    names = read_table()["`grader.checks`"]
    assert sorted(names) == sorted(checks.__all__)
    assert [name for name in names if not hasattr(checks, name)] == []


def test_every_fixture_is_documented_and_there() -> None:
    """The table has a row for each fixture that a check may ask for, and for no other."""
    assert sorted(read_table()["fixture"]) == sorted(FOR_CHECKS)
    there = {n for n, f in vars(Fixtures).items() if isinstance(f, FixtureFunctionDefinition)}
    assert there == OURS


def test_checks_ask_only_for_fixtures_that_are_for_them() -> None:
    """No check of the course uses what is the grader's own."""
    inner = OURS - FOR_CHECKS
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sorted((ROOT / "curriculum").glob("*/check_*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and inner & {argument.arg for argument in node.args.args}
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_course_code_uses_the_public_face_alone(folder: str) -> None:
    """It imports nothing of the grader but grader.checks; milestones also what they share."""
    milestones = ROOT / "curriculum" / "milestones"
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    shared = {"grader.milestones.characters", "grader.milestones.timed_run"}
    wrong = []
    for file in files:
        allowed = {"grader.checks"} | (shared if file.parent == milestones else set())
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in getattr(node, "names", [])]
            if isinstance(node, ast.ImportFrom):
                whole = node.module == "grader"
                names = [f"grader.{name}" for name in names] if whole else [node.module or ""]
            elif not isinstance(node, ast.Import):
                continue
            inside = [name for name in names if f"{name}.".startswith("grader.")]
            if not allowed.issuperset(inside):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []
