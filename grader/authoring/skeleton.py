"""A new exercise: the skeletons of its five pieces, which load but do not pass the gate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from grader.authoring import unit_entry
from grader.base.errors import UsageError
from grader.base.files import write_file
from grader.base.paths import Workspace
from grader.course.loader.loading import load
from grader.course.loader.models import FULL

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

from grader.checks import equal


def test_a_number_worked_by_hand($name):
    """Say here, in one sentence, what is claimed."""
    equal($name(2), 2)
'''

MISTAKES = '''\
"""What goes wrong with $name."""

from grader.checks import caught_by


@caught_by("test_a_number_worked_by_hand")
def one_too_many():
    """say in one sentence what the wrong code does"""

    def $name(x):
        return x + 1
'''

LESSON = """\
# $title

Say in one sentence which question the exercise answers, and where it is in a model.

## The idea

```diagram
draw: grids
words: Say what the diagram shows, for readers who cannot see it.
grids: [{cells: $name}]
```

## The formula

## Shapes

## An example by hand

## See it break

```python
given = 2
without = given + 1
print(without)
```

```text
the output of these lines, which fail without the idea
```

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
class NewExercise:
    """What was written for a new exercise."""

    written: tuple[Path, ...]
    changed: tuple[Path, ...]
    phase: str
    """The phase that a new unit was put into; empty where the unit was there already."""


def begin_exercise(workspace: Workspace, name: str) -> NewExercise:
    """Begin the exercise ``unit/name``; nothing that exists is overwritten.

    ``CourseError`` when the course has faults already, ``UsageError`` when the name will not do.
    """
    if not re.fullmatch(FULL.pattern, name):
        raise UsageError(f"an exercise may not be called {name!r}; {FULL.remedy}, in small letters")
    course = load(workspace)
    unit, _, stem = name.partition("/")
    words = {"name": stem, "title": _format_title(stem), "unit_title": _format_title(unit)}
    pieces = _fill_templates(workspace, name, words)
    _refuse_existing(workspace, name, [*pieces, workspace.locate_stub(name)])
    listed, phase = {known.id for known in course.iterate_units()}, ""
    changed: dict[Path, str] = {}
    described = workspace.locate_unit_file(unit)
    item = Template(ENTRY).substitute(words)
    if unit in listed:
        changed[described] = unit_entry.add_exercise(workspace, described, item)
    else:
        if described.exists() or described.is_symlink():
            raise UsageError(
                f"{workspace.show_path(described)} already exists; nothing was written"
            )
        phase = course.phases[-1].id
        pieces[described] = Template(UNIT).substitute(words) + _indent(item, 2)
        changed[workspace.course_file] = unit_entry.add_unit(workspace, unit)
    _write(pieces | changed)
    return NewExercise(tuple(pieces), tuple(changed), phase)


def _fill_templates(workspace: Workspace, name: str, words: dict[str, str]) -> dict[Path, str]:
    templates = {
        workspace.locate_reference(name): REFERENCE,
        workspace.locate_checks(name): CHECKS,
        workspace.locate_mistakes(name): MISTAKES,
        workspace.locate_lesson(name): LESSON,
    }
    return {path: Template(text).substitute(words) for path, text in templates.items()}


def _refuse_existing(workspace: Workspace, name: str, paths: Sequence[Path]) -> None:
    there = [workspace.show_path(path) for path in paths if path.exists() or path.is_symlink()]
    if there:
        raise UsageError(f"{name} has files already: {', '.join(there)}; nothing was written")


def _write(texts: dict[Path, str]) -> None:
    for path, text in texts.items():
        try:
            write_file(path, text)
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _indent(text: str, spaces: int) -> str:
    return "".join(" " * spaces + line for line in text.splitlines(keepends=True))


def _format_title(name: str) -> str:
    return name.replace("_", " ").capitalize()
