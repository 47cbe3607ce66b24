"""The tracker: every component, its state, what was built, attempts and the first pass."""

from __future__ import annotations

from grader.course import Phase, Unit
from grader.outcome import Standing
from grader.pages import claims as said
from grader.pages.places import Places, exercise_page, unit_page
from grader.pages.scene import Scene
from grader.pages.words import component, count, day_in_words, escape, sign, table, to, wide

_PAGE = "tracker.md"


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The tracker, the list of units and a page for each unit."""
    made = {_PAGE: _tracker(scene), "units/index.md": _units(scene)}
    for unit in scene.course.units():
        made[unit_page(unit.id)] = _unit(scene, unit)
    return made


def _tracker(scene: Scene) -> str:
    total = scene.progress.total
    share = f"{total.passed} of {count(total.exercises, 'exercise')} passed, {total.percent} %."
    parts = ["# Tracker", share, "## Components", components(scene, _PAGE)]
    for phase in scene.course.phases:
        parts += [f"## {escape(phase.title)}", _pace(scene, phase)]
        for unit in phase.units:
            parts += [f"### {escape(unit.title)}", exercises(scene, unit, _PAGE)]
    parts += said.section(scene, _PAGE)
    return wide("\n\n".join(parts) + "\n")


def _pace(scene: Scene, phase: Phase) -> str:
    low, high = phase.weeks
    total = scene.progress.phases[phase.id]
    weeks = f"Planned for {low} to {high} weeks"
    if not total.exercises:
        return f"{weeks}. Its exercises are still to come."
    return f"{weeks}. {total.passed} of {count(total.exercises, 'exercise')} passed."


def components(scene: Scene, page: str) -> str:
    """One row per unit: what of the model stands, and what it took."""
    rows = []
    for unit in scene.course.units():
        known = [scene.standings.get(e.id, Standing(e.id)) for e in unit.exercises]
        built = [e.title for e in unit.exercises if scene.progress.states[e.id] == "passed"]
        passed = sorted(s.passed_day for s in known if s.passed_day)
        says = f"Built: {', '.join(built)}." if built else unit.summary
        rows.append(
            [
                f"[{escape(unit.title)}]({to(page, unit_page(unit.id))})",
                component(scene.progress.units[unit.id]),
                escape(says),
                str(sum(standing.attempts for standing in known)),
                day_in_words(passed[0] if passed else None),
            ]
        )
    return table(["Component", "Status", "Description", "Attempts", "First passed"], rows)


def exercises(scene: Scene, unit: Unit, page: str) -> str:
    """One row per exercise of a unit."""
    rows = []
    for exercise in unit.exercises:
        standing = scene.standings.get(exercise.id, Standing(exercise.id))
        rows.append(
            [
                f"[{escape(exercise.title)}]({to(page, exercise_page(exercise.id))})",
                sign(scene.progress.states[exercise.id]),
                escape(exercise.summary),
                str(standing.attempts),
                day_in_words(standing.passed_day),
            ]
        )
    return table(["Exercise", "Status", "Description", "Attempts", "First passed"], rows)


def _units(scene: Scene) -> str:
    parts = ["# Units"]
    for phase in scene.course.phases:
        parts += [f"## {escape(phase.title)}", _pace(scene, phase)]
        for unit in phase.units:
            link = to("units/index.md", unit_page(unit.id))
            state = component(scene.progress.units[unit.id])
            parts.append(f"[**{escape(unit.title)}**]({link}) {state}  \n{escape(unit.summary)}")
    return "\n\n".join(parts) + "\n"


def _unit(scene: Scene, unit: Unit) -> str:
    page, state = unit_page(unit.id), component(scene.progress.units[unit.id])
    phase = next(p for p in scene.course.phases if unit in p.units)
    facts = f"{state} · {escape(phase.title)} · `grade {unit.id}` grades them all"
    parts = [f"# {escape(unit.title)}", escape(unit.summary), facts, exercises(scene, unit, page)]
    return "\n\n".join(parts) + "\n"
