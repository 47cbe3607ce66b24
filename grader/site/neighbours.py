"""The pages before and after each exercise and each unit, in course order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from grader.course.model import Course
from grader.site.page_paths import locate_exercise, locate_unit


class Target(NamedTuple):
    """Where a link to a page before or after leads; both are empty where there is none."""

    title: str = ""
    page: str = ""


class Neighbours(NamedTuple):
    """What lies before and after a page."""

    before: Target
    after: Target


def find_neighbours(course: Course) -> dict[str, Neighbours]:
    """Return the neighbours of each page of an exercise or of a unit, by its path."""
    units = [Target(unit.title, locate_unit(unit.id)) for unit in course.iterate_units()]
    exercises = [Target(e.title, locate_exercise(e.id)) for e in course.iterate_exercises()]
    return _pair(units) | _pair(exercises)


def _pair(order: Sequence[Target]) -> dict[str, Neighbours]:
    none = Target()
    around = zip([none, *order], order, [*order[1:], none], strict=False)
    return {here.page: Neighbours(before, after) for before, here, after in around}
