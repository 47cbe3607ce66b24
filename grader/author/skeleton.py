"""A new exercise: the skeletons of its five pieces, which load but do not pass the gate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from grader.author import entry
from grader.curriculum import load
from grader.curriculum.models import FULL
from grader.errors import UsageError
from grader.practice.assist import write_whole
from grader.workspace import Workspace

REFERENCE = '''\
"""$title: say in a few words what it is."""


def $name(x: int) -> int:
    """Say the purpose in one sentence.

    Give the rule that decides right from wrong, in the letters of the lesson.

    Args:
        x: meaning, shape, dtype and range.

    Returns:
        Meaning, shape and dtype.

    >>> $name(2)
    2
    """
    return x
'''

CHECKS = '''\
"""What is asked of $name."""

from grader.engine.expect import equal


def test_a_number_worked_by_hand($name):
    """Say here, in one sentence, what is claimed."""
    equal($name(2), 2)
'''

MISTAKES = '''\
"""What goes wrong with $name."""

from grader.course import caught_by


@caught_by("test_a_number_worked_by_hand")
def one_too_many():
    """say in one sentence what the wrong code does"""

    def $name(x):
        return x + 1
'''

LESSON = """\
# $title

## The idea

## The formula

## Shapes

## What this is not about

## To read
"""

ENTRY = """\
- id: $name
  title: $title
  summary: Say in one sentence what is built.
  writes: [$name]
  minutes: 30
  hints:
    - Ask the question that points at the right place.
    - Say the fact that is needed.
    - Say the shape of the code, but not the code.
"""

UNIT = """\
# yaml-language-server: $$schema=../unit.schema.json
title: $unit_title
summary: Say in one sentence what the unit is about.
exercises:
"""


@dataclass(frozen=True, slots=True)
class New:
    """What was written for a new exercise."""

    written: tuple[Path, ...]
    changed: tuple[Path, ...]
    phase: str
    """The phase that a new unit was put into; empty where the unit was there already."""


def new(workspace: Workspace, name: str) -> New:
    """Begin the exercise ``unit/name``; nothing that exists is overwritten.

    ``CourseError`` when the course has faults already, ``UsageError`` when the name will not do.
    """
    if not re.fullmatch(FULL.pattern, name):
        raise UsageError(f"an exercise may not be called {name!r}; {FULL.says}, in small letters")
    course = load(workspace)
    unit, _, stem = name.partition("/")
    words = {"name": stem, "title": _title(stem), "unit_title": _title(unit)}
    pieces = _pieces(workspace, name, words)
    _refuse_existing(workspace, name, [*pieces, workspace.stub(name)])
    listed, phase = {known.id for known in course.units()}, ""
    changed: dict[Path, str] = {}
    described = workspace.unit_file(unit)
    said = Template(ENTRY).substitute(words)
    if unit in listed:
        changed[described] = entry.with_exercise(workspace, described, said)
    else:
        if described.exists() or described.is_symlink():
            raise UsageError(f"{workspace.shown(described)} is there already; nothing was written")
        phase = course.phases[-1].id
        pieces[described] = Template(UNIT).substitute(words) + _indented(said, 2)
        changed[workspace.course_file] = entry.with_unit(workspace, unit)
    _write(pieces | changed)
    return New(tuple(pieces), tuple(changed), phase)


def _pieces(workspace: Workspace, name: str, words: dict[str, str]) -> dict[Path, str]:
    made = {
        workspace.reference(name): REFERENCE,
        workspace.checks(name): CHECKS,
        workspace.mistakes(name): MISTAKES,
        workspace.lesson(name): LESSON,
    }
    return {path: Template(text).substitute(words) for path, text in made.items()}


def _refuse_existing(workspace: Workspace, name: str, paths: Sequence[Path]) -> None:
    there = [workspace.shown(path) for path in paths if path.exists() or path.is_symlink()]
    if there:
        raise UsageError(
            f"{name} is begun already: {', '.join(there)} "
            f"{'is' if len(there) == 1 else 'are'} there; nothing was written"
        )


def _write(texts: dict[Path, str]) -> None:
    for path, text in texts.items():
        try:
            write_whole(path, text)
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _indented(text: str, spaces: int) -> str:
    return "".join(" " * spaces + line for line in text.splitlines(keepends=True))


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
