"""The home page before the first attempt: what the course is, how to begin, what is built."""

from __future__ import annotations

from collections.abc import Sequence

from grader.course.model import Course, Exercise, Phase, Unit
from grader.learner.states import COMING_LATER
from grader.site.formatting import escape_markdown, format_minutes, make_link, pluralize
from grader.site.page_paths import locate_unit
from grader.site.pages.main_path import describe_optional
from grader.site.site_data import SiteData

_PAGE = "index.md"

_INSTALL = """??? question "Is Groundwork not on your machine yet?"

    Fork the repository on GitHub, or take another address in place of the fork's. Python 3.11 or
    newer is needed.

    ```sh
    git clone https://github.com/YOU/groundwork && cd groundwork
    python3 -m venv .venv && . .venv/bin/activate && python -m pip install -e . && grade tour
    ```"""


def has_begun(site: SiteData) -> bool:
    """Return True if there is an attempt, a line in the log, a skip or an imported claim."""
    total = site.progress.total
    return bool(
        site.attempts or site.entries or site.imported_claims or total.open < total.exercises
    )


def render_invitation(site: SiteData, head: Sequence[str], first_step: str) -> str:
    """Render the page below its head; ``first_step`` says what to open and to type."""
    course = site.course
    parts = [
        *head,
        first_step,
        "`grade tour` shows the whole workflow first, in a copy: a wrong answer and its diagnosis, "
        "a right one, a line in the log, this site.",
        _INSTALL,
        "## What you will have built",
        escape_markdown(course.goal),
        *_describe_path(course),
        "\n".join(f"- {_describe_phase(phase)}" for phase in course.phases),
        *_list_objectives(site),
        "From the first attempt on, this page shows how far you are, what your models write, "
        "the days on which you studied, and what is next.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _describe_path(course: Course) -> list[str]:
    """Return how long the main path is, and what one has at each of its milestones."""
    if not course.path:
        return []
    exercises = [step for step in course.path if isinstance(step, Exercise)]
    minutes = sum(exercise.minutes for exercise in exercises)
    words = (
        f"The [main path](map.md) has {pluralize(len(exercises), 'exercise')}, estimated at "
        f"{format_minutes(minutes)}.{describe_optional(course)}"
    )
    lines, spent = [], 0
    for step in course.path:
        if isinstance(step, Exercise):
            spent += step.minutes
        else:
            title, text = escape_markdown(step.title), escape_markdown(step.text)
            lines.append(f"- **{title}**, after about {format_minutes(spent)}: {text}")
    return [words, *(["Its milestones:", "\n".join(lines)] if lines else []), "By subject:"]


def _describe_phase(phase: Phase) -> str:
    """Return a phase with its units, its exercises and their estimated time."""
    exercises = [exercise for unit in phase.units for exercise in unit.exercises]
    title = f"**{escape_markdown(phase.title)}**"
    if not exercises:
        return f"{title}: {COMING_LATER}"
    count = pluralize(len(exercises), "exercise")
    estimated = format_minutes(sum(exercise.minutes for exercise in exercises))
    units = ", ".join(_link_unit(unit) for unit in phase.units)
    return f"{title}, {count}, estimated at {estimated}: {units}"


def _link_unit(unit: Unit) -> str:
    return make_link(unit.title, _PAGE, locate_unit(unit.id))


def _list_objectives(site: SiteData) -> list[str]:
    if not site.course.objectives:
        return []
    items = (f"- {escape_markdown(objective.text)}" for objective in site.course.objectives)
    return ["## What you will be able to do", "\n".join(items)]
