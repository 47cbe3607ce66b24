"""The curriculum map: a picture of each phase, and the same as a list."""

from __future__ import annotations

from textwrap import wrap
from typing import NamedTuple

from markupsafe import Markup

from grader.course.model import Exercise, Phase, Unit
from grader.learner.progress import ExerciseState, Total
from grader.learner.states import EXERCISES, Sign
from grader.site.formatting import (
    escape_markdown,
    hide_sidebars,
    make_href,
    make_link,
    make_relative,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_exercise, locate_unit
from grader.site.pages import map_layout as layout
from grader.site.pages.exercise import invert_needs
from grader.site.pages.main_path import render_path
from grader.site.pages.map_layout import ExercisePlace, NeedLine, UnitLane
from grader.site.signs import draw_state, draw_unit_state
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_PAGE = "map.md"
_LETTERS = 16
"""Letters of a title on one line of a box."""


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the page of the map."""
    opens = invert_needs(site.course)
    path = render_path(site, _PAGE)
    parts = ["# Map", *path, "## All exercises" if path else "", _render_key(site)]
    for phase in site.course.phases:
        parts += [f"## {escape_markdown(phase.title)}", _describe_phase(site, phase)]
        if any(unit.exercises for unit in phase.units):
            parts += [_draw_phase(site, phase), _render_list(site, phase, opens)]
    return {_PAGE: hide_sidebars("\n\n".join(filter(None, parts)) + "\n", "navigation", "toc")}


def _render_key(site: SiteData) -> str:
    total = site.progress.total
    counts = [f"{getattr(total, state)}\u00a0{draw_state(state)}" for state in EXERCISES]
    return (
        "A line leads down from an exercise to those that need it; "
        "a dotted box is an exercise of another phase"
        f"{', a round one is optional' if site.course.list_optional() else ''}. "
        f"{' · '.join(counts)}"
    )


def _describe_phase(site: SiteData, phase: Phase) -> str:
    total = site.progress.phases[phase.id]
    if not total.exercises:
        return "Its exercises are coming later."
    return f"{total.passed} of {pluralize(total.exercises, 'exercise')} passed."


def _draw_phase(site: SiteData, phase: Phase) -> Markup:
    drawn = layout.lay_out(phase.units)
    units = {unit.id: unit for unit in phase.units}
    lines: dict[str, list[NeedLine]] = {}
    for line in drawn.lines:
        lines.setdefault(line.exercise, []).append(line)
    known = {exercise.id: exercise for exercise in site.course.iterate_exercises()}
    return fill_block(
        "map/phase.html",
        phase=phase,
        width=drawn.width,
        height=drawn.height,
        units=pluralize(len(drawn.lanes), "unit"),
        lanes=[_make_lane(site, lane, units[lane.unit]) for lane in drawn.lanes],
        boxes=[
            _make_box(site, known[box.exercise], box, lines.get(box.exercise, []))
            for box in drawn.boxes
        ],
        box=(layout.WIDTH, layout.HEIGHT),
    )


class _LaneShape(NamedTuple):
    """A unit's lane, and the place in it that leads to the unit's page."""

    x: float
    width: float
    title_x: float
    title_width: float
    title: str
    link: str
    total: Total


def _make_lane(site: SiteData, lane: UnitLane, unit: Unit) -> _LaneShape:
    return _LaneShape(
        lane.x,
        lane.width,
        lane.x + layout.EDGE,
        lane.width - 2 * layout.EDGE,
        unit.title,
        make_href(_PAGE, locate_unit(unit.id)),
        site.progress.units[unit.id],
    )


class _BoxShape(NamedTuple):
    """An exercise, its state and the lines that lead to it."""

    x: float
    y: float
    title: str
    title_lines: list[tuple[float, str]]
    link: str
    sign: Sign
    next: bool
    elsewhere: bool
    optional: bool
    lines: list[tuple[ExerciseState, str]]
    """The state of what is needed, and the way from there."""


def _make_box(
    site: SiteData, exercise: Exercise, box: ExercisePlace, lines: list[NeedLine]
) -> _BoxShape:
    y = box.y - layout.HEIGHT / 2
    states = site.progress.states
    return _BoxShape(
        box.x - layout.WIDTH / 2,
        y,
        exercise.title,
        _wrap_title(exercise.title, y),
        make_href(_PAGE, locate_exercise(exercise.id)),
        EXERCISES[states[exercise.id]],
        exercise.id == site.progress.next,
        box.elsewhere,
        exercise in site.course.list_optional(),
        [(states[line.need], _draw_path(line)) for line in lines],
    )


def _wrap_title(title: str, y: float) -> list[tuple[float, str]]:
    """Wrap a title to one line or two, each with its place; the rest becomes an ellipsis."""
    shown = wrap(title, _LETTERS, max_lines=2, placeholder=" …") or [""]
    first = y + (16 if len(shown) == 2 else 22)
    return [(first + 13 * number, line) for number, line in enumerate(shown)]


def _draw_path(line: NeedLine) -> str:
    """Return the SVG path of a line: vertical at both ends, curved between its points."""
    (x, y), *rest = line.points
    path = f"M{x:g} {y:g}"
    for number, (to_x, to_y) in enumerate(rest):
        half = (y + to_y) / 2
        straight = number == 1 and len(rest) == 3
        path += f"V{to_y:g}" if straight else f"C{x:g} {half:g} {to_x:g} {half:g} {to_x:g} {to_y:g}"
        x, y = to_x, to_y
    return path


def _render_list(site: SiteData, phase: Phase, opens: dict[str, list[str]]) -> str:
    lines, known = [], {exercise.id: exercise for exercise in site.course.iterate_exercises()}
    optional = site.course.list_optional()
    for unit in phase.units:
        link = make_relative(_PAGE, locate_unit(unit.id))
        state = draw_unit_state(site.progress.units[unit.id])
        lines.append(f"- [**{escape_markdown(unit.title)}**]({link}) {state}")
        for exercise in unit.exercises:
            more = [
                f"{word} {', '.join(_link_exercise(known[name]) for name in dict.fromkeys(names))}"
                for word, names in (("needs", exercise.needs), ("opens", opens.get(exercise.id)))
                if names
            ]
            state = draw_state(site.progress.states[exercise.id])
            small = fill_block("map/more.html", more=Markup("; ".join(more))) if more else ""
            beside = f" {fill_block('map/optional.html')}" if exercise in optional else ""
            lines.append(f"    - {_link_exercise(exercise)} {state}{beside}{small}")
    return "\n".join(lines)


def _link_exercise(exercise: Exercise) -> str:
    return make_link(exercise.title, _PAGE, locate_exercise(exercise.id))
