"""The main path on pages: its exercises, its milestones, and how far the learner has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from grader.course.model import Course, Exercise
from grader.learner.progress import MilestoneProgress
from grader.learner.states import EXERCISES, MILESTONES, Sign
from grader.site.bars import describe_total
from grader.site.formatting import make_href, pluralize
from grader.site.page_paths import locate_exercise, locate_milestone
from grader.site.signs import draw_sign
from grader.site.site_data import SiteData
from grader.site.tables import SENTENCE, TableCell, TableRow, render_scrolling_table
from grader.site.templating import fill_block


class _Step(NamedTuple):
    """An exercise of the path."""

    title: str
    link: str
    sign: Sign
    next: bool


class _MilestoneCard(NamedTuple):
    """A milestone, and how far away it is."""

    title: str
    link: str
    text: str
    state: Markup
    reached: bool


class _Stretch(NamedTuple):
    """The exercises up to a milestone, or after the last one."""

    steps: Sequence[_Step]
    milestone: _MilestoneCard | None = None


def render_path(site: SiteData, page: str) -> list[str]:
    """Render the whole path with its heading, stretch by stretch; nothing without a path."""
    if not site.course.path:
        return []
    words = (
        f"{describe_total(site.progress.path, empty='')}. The path is an order in which each "
        f"exercise needs only earlier ones.{describe_optional(site.course)} "
        "You can do any exercise at any time."
    )
    block = fill_block("path/steps.html", stretches=_list_stretches(site, page))
    return ["## Main path", words, block]


def describe_optional(course: Course) -> str:
    """Return a sentence with a space before it: how many exercises are optional, if any are."""
    count = len(course.list_optional())
    verb = "is" if count == 1 else "are"
    return f" {pluralize(count, 'other exercise')} {verb} optional." if count else ""


def render_milestone_table(site: SiteData, page: str) -> list[str]:
    """Render a row for each milestone, with a heading; nothing where there is none."""
    if not site.progress.milestones:
        return []
    titles = {exercise.id: exercise.title for exercise in site.course.iterate_exercises()}
    rows = [
        TableRow(
            [
                TableCell(
                    one.milestone.title,
                    link=make_href(page, locate_milestone(one.milestone.id)),
                ),
                TableCell(draw_milestone_state(one)),
                TableCell(one.milestone.text, kind=SENTENCE),
                TableCell(", ".join(titles[need] for need in one.milestone.needs), kind=SENTENCE),
            ]
        )
        for one in site.progress.milestones
    ]
    head = ("Milestone", "Status", "What you have then", "Needs")
    return ["## Milestones", render_scrolling_table("Milestones", head, rows, "gw-described")]


def draw_milestone_state(one: MilestoneProgress) -> Markup:
    """Return that a milestone is reached, that it can be run, or how far away it is."""
    sign = MILESTONES[one.is_reached]
    if one.is_reached:
        return draw_sign(sign._replace(word=f"reached on {one.day}") if one.day else sign)
    if one.is_ready:
        return draw_sign(sign._replace(word=f"ready: grade milestone {one.milestone.id}"))
    return draw_sign(sign._replace(word=f"after {one.way}"))


def _list_stretches(site: SiteData, page: str) -> list[_Stretch]:
    found = {one.milestone.id: one for one in site.progress.milestones}
    stretches: list[_Stretch] = []
    steps: list[_Step] = []
    for step in site.course.path:
        if isinstance(step, Exercise):
            steps.append(_make_step(site, step, page))
        else:
            stretches.append(_Stretch(steps, _make_card(found[step.id], page)))
            steps = []
    return [*stretches, _Stretch(steps)] if steps else stretches


def _make_step(site: SiteData, exercise: Exercise, page: str) -> _Step:
    return _Step(
        exercise.title,
        make_href(page, locate_exercise(exercise.id)),
        EXERCISES[site.progress.states[exercise.id]],
        exercise.id == site.progress.next,
    )


def _make_card(one: MilestoneProgress, page: str) -> _MilestoneCard:
    milestone, state = one.milestone, draw_milestone_state(one)
    link = make_href(page, locate_milestone(milestone.id))
    return _MilestoneCard(milestone.title, link, milestone.text, state, one.is_reached)
