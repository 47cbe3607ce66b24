"""A workspace with a small course, and attempts at it, for the tests of the site."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

from grader.base.paths import Workspace
from grader.grading.outcome import Attempt, Status
from grader.services.session import Session

REPO = Path(__file__).resolve().parents[2]

COURSE = """title: A small course
objectives:
  - {id: explain, text: Explain how it works.}
  - {id: later, text: Something for later.}
phases:
  - {id: first, title: First steps, weeks: [2, 4], units: [attention, numbers]}
  - {id: second, title: Second steps, weeks: [1, 3], units: []}
"""
MAIN_PATH = """milestones:
  - {id: counts, title: It *counts*, text: "A number & its double.", needs: [numbers/double]}
spine:
  - numbers/double
  - milestone: counts
  - attention/softmax
"""
"""For the end of the course: a path with a milestone."""
RESOURCES = """resources:
  - {id: book, title: "A [book] of *numbers*", kind: book, url: "https://example.org/a(b)"}
"""
ATTENTION = """title: Attention
summary: Look at the others.
exercises:
  - id: softmax
    title: Softmax
    summary: Scores become probabilities.
    writes: [softmax]
    minutes: 20
    objectives: [explain]
    resources: [book]
    hints: ["What is $e^{89}$?", "Use `amax`.", Three lines.]
"""
NUMBERS = """title: Numbers
summary: Count.
exercises:
  - {id: double, title: Double, summary: Twice x., writes: [double], minutes: 1, hints: [a, b, c]}
  - {id: triple, title: Triple, summary: Thrice x., writes: [Triple.of], minutes: 5,
     needs: [numbers/double, attention/softmax], hints: [a, b, c]}
"""
DOUBLE = '''def double(x: float) -> float:
    """Give twice ``x``.

    Args:
        x: any number; a_b and *c* are only words,
            on two lines.

    >>> double(2.0)
    4.0
    """
    return 2 * x
'''
TRIPLE = '''class Triple:
    """Thrice a number."""

    def of(self, x):
        """Give ``x`` three times."""
        return 3 * x

    def _secret(self): return 0
'''


def lay(root: Path) -> Workspace:
    """A workspace with a course of three exercises, as a fresh clone of it would be."""
    root.mkdir(parents=True)
    shutil.copy(REPO / "mkdocs.yml", root)
    (root / "grader").symlink_to(REPO / "grader")
    (root / ".groundwork" / "docs").mkdir(parents=True)
    (root / ".groundwork" / "docs" / ".gitkeep").touch()
    shutil.copytree(REPO / "docs" / "assets", root / "docs" / "assets")
    own = Workspace(root)
    files = {
        own.course_file: COURSE,
        own.resources_file: RESOURCES,
        own.locate_unit_file("attention"): ATTENTION,
        own.locate_unit_file("numbers"): NUMBERS,
        own.locate_reference("numbers/double"): DOUBLE,
        own.locate_reference("numbers/triple"): TRIPLE,
    }
    for name in ("double", "triple"):
        check = f'def test_two({name}):\n    """It is {name}."""\n'
        wrong = (
            '@caught_by("test_two")\ndef half():\n    """half of it"""\n\n    def double(x): ...\n'
        )
        files[own.locate_checks(f"numbers/{name}")] = check
        files[own.locate_mistakes(f"numbers/{name}")] = (
            "from grader.checks import caught_by\n\n" + wrong
        )
        files[own.locate_lesson(f"numbers/{name}")] = (
            f"# {name}\n\n## The idea\n\nSee [it](double.md).\n"
        )
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    real = Workspace(REPO)
    glossary = real.glossary_file.read_text("utf-8")  # its terms are taught in other exercises
    own.glossary_file.write_text(
        re.sub(r"^ *taught:.*\n", "", glossary, flags=re.MULTILINE), "utf-8"
    )
    for place in (
        Workspace.locate_lesson,
        Workspace.locate_checks,
        Workspace.locate_mistakes,
        Workspace.locate_reference,
    ):
        place(own, "attention/softmax").parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(place(real, "attention/softmax"), place(own, "attention/softmax"))
    return own


def asked(own: Workspace, exercise: str) -> str:
    """The hash of what is asked today."""
    session = Session.open(own)
    return session.hash_checks(session.course.find_exercise(exercise))


def attempt(own: Workspace, exercise: str, day: str, **more: object) -> Attempt:
    """A passed attempt with today's checks, unless told otherwise."""
    checks: dict[str, Status] = {"test_two": "passed"}
    passed = Attempt(
        exercise=exercise,
        verdict="passed",
        checks=checks,
        seed=1,
        seconds=0.5,
        file_hash="f" * 64,
        checks_hash=asked(own, exercise),
        at=f"{day}T20:00:00+00:00",
        day=day,
    )
    return replace(passed, **more)  # type: ignore[arg-type]
