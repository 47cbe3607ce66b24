"""The curriculum map: a picture of each phase, and the same as a list."""

from __future__ import annotations

from textwrap import wrap

from grader.course import Exercise, Phase, Unit
from grader.pages import layout
from grader.pages.exercise import opened
from grader.pages.layout import Box, Lane, Layout, Line
from grader.pages.places import Places, exercise_page, unit_page
from grader.pages.scene import Scene
from grader.pages.words import SIGNS, address, attribute, component, count, escape, sign, to, wide
from grader.progress import State

_PAGE = "map.md"
_LETTERS = 17
"""Letters of a title on one line of a box."""


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The map."""
    opens = opened(scene.course)
    parts = ["# Map", _key(scene)]
    for phase in scene.course.phases:
        parts += [f"## {escape(phase.title)}", _said(scene, phase)]
        if any(unit.exercises for unit in phase.units):
            parts += [_picture(scene, phase), _list(scene, phase, opens)]
    return {_PAGE: wide("\n\n".join(parts) + "\n", "navigation", "toc")}


def _key(scene: Scene) -> str:
    total = scene.progress.total
    counts = [f"{getattr(total, state)}\u00a0{sign(state)}" for state in SIGNS]
    return (
        "What builds on what: a line leads down, from what is needed to what needs it; "
        "a dotted box belongs to an earlier phase. "
        f"{' · '.join(counts)}"
    )


def _said(scene: Scene, phase: Phase) -> str:
    total = scene.progress.phases[phase.id]
    if not total.exercises:
        return "Its exercises are still to come."
    return f"{total.passed} of {count(total.exercises, 'exercise')} passed."


def _picture(scene: Scene, phase: Phase) -> str:
    drawn = layout.layout(phase.units)
    units = {unit.id: unit for unit in phase.units}
    lines: dict[str, list[Line]] = {}
    for line in drawn.lines:
        lines.setdefault(line.exercise, []).append(line)
    lanes = "".join(_lane(scene, drawn, lane, units[lane.unit]) for lane in drawn.lanes)
    known = {exercise.id: exercise for exercise in scene.course.exercises()}
    boxes = "".join(
        _box(scene, known[box.exercise], box, lines.get(box.exercise, [])) for box in drawn.boxes
    )
    name, title = f"map-{attribute(phase.id)}", attribute(phase.title)
    size = f'width="{drawn.width + 16:g}" height="{drawn.height + 4:g}"'
    says = f"The exercises of {title} in {count(len(drawn.lanes), 'unit')}. The list below says it."
    return (
        f'<figure class="gw-map" data-search-exclude><div class="gw-scroll" tabindex="0" '
        f'role="region" aria-label="Map of {title}">'
        f'<svg {size} viewBox="-14 -2 {drawn.width + 16:g} {drawn.height + 4:g}" role="group" '
        f'aria-labelledby="{name}" aria-describedby="{name}-says"><title id="{name}">{title}'
        f'</title><desc id="{name}-says">{says}</desc>{lanes}{boxes}</svg></div></figure>'
    ).replace("`", "&#96;")


def _lane(scene: Scene, drawn: Layout, lane: Lane, unit: Unit) -> str:
    total = scene.progress.units[unit.id]
    x, width = lane.x + layout.EDGE, lane.width - 2 * layout.EDGE
    of = f"{total.passed} of {total.exercises} passed"
    return (
        f'<rect class="gw-lane" x="{lane.x:g}" width="{lane.width:g}" height="{drawn.height:g}" '
        f'rx="6"/><a href="{address(_PAGE, unit_page(unit.id))}">'
        f'<rect class="gw-hit" x="{x:g}" y="6" width="{width:g}" height="36"/>'
        f'<text class="gw-unit" x="{x:g}" y="21">{attribute(unit.title)}</text>'
        f'<text class="gw-of" x="{x:g}" y="36">{of}</text></a>'
    )


def _box(scene: Scene, exercise: Exercise, box: Box, lines: list[Line]) -> str:
    state = scene.progress.states[exercise.id]
    mark, word = SIGNS[state]
    x, y = box.x - layout.WIDTH / 2, box.y - layout.HEIGHT / 2
    following = " gw-next" if exercise.id == scene.progress.next else ""
    earlier = " gw-earlier" if box.earlier else ""
    told = f"{exercise.title}: {word}" + (", next" if following else "")
    return (
        f'<g class="gw-box gw-{state}{following}{earlier}">'
        + "".join(_line(line, scene.progress.states[line.need]) for line in lines)
        + f'<a href="{address(_PAGE, exercise_page(exercise.id))}" aria-label="{attribute(told)}">'
        f'<rect x="{x:g}" y="{y:g}" width="{layout.WIDTH}" height="{layout.HEIGHT}" rx="4"/>'
        f"{_title(exercise.title, x + 10, y)}"
        f'<text class="gw-word" x="{x + 10:g}" y="{y + 44:g}">{mark} {word}'
        f"{' · next' if following else ''}</text></a></g>"
    )


def _title(title: str, x: float, y: float) -> str:
    """A title on one line or two; what does not fit ends in dots."""
    shown = wrap(title, _LETTERS, max_lines=2, placeholder=" …") or [""]
    first = y + (16 if len(shown) == 2 else 22)
    return "".join(
        f'<text x="{x:g}" y="{first + 13 * number:g}">{attribute(line)}</text>'
        for number, line in enumerate(shown)
    )


def _line(line: Line, need: State) -> str:
    """Curves that leave and arrive upright, and straight ways between them."""
    (x, y), *rest = line.points
    path = f"M{x:g} {y:g}"
    for number, (to_x, to_y) in enumerate(rest):
        half = (y + to_y) / 2
        straight = number == 1 and len(rest) == 3
        path += f"V{to_y:g}" if straight else f"C{x:g} {half:g} {to_x:g} {half:g} {to_x:g} {to_y:g}"
        x, y = to_x, to_y
    return f'<path class="gw-from-{need}" d="{path}"/>'


def _list(scene: Scene, phase: Phase, opens: dict[str, list[str]]) -> str:
    lines, known = [], {exercise.id: exercise for exercise in scene.course.exercises()}
    for unit in phase.units:
        link = to(_PAGE, unit_page(unit.id))
        state = component(scene.progress.units[unit.id])
        lines.append(f"- [**{escape(unit.title)}**]({link}) {state}")
        for exercise in unit.exercises:
            more = [
                f"{word} {', '.join(_linked(known[other]) for other in dict.fromkeys(others))}"
                for word, others in (("needs", exercise.needs), ("opens", opens.get(exercise.id)))
                if others
            ]
            state = sign(scene.progress.states[exercise.id])
            said = f'<br><small class="gw-more">{"; ".join(more)}</small>' if more else ""
            lines.append(f"    - {_linked(exercise)} {state}{said}")
    return "\n".join(lines)


def _linked(exercise: Exercise) -> str:
    return f"[{escape(exercise.title)}]({to(_PAGE, exercise_page(exercise.id))})"
