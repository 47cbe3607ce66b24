"""The page of an exercise: lesson, contract, checks, hints, needs, history and reference."""

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import indent

from grader.course import Course, Exercise
from grader.outcome import Attempt, Standing, Status
from grader.pages import history, related, solution
from grader.pages.cite import cited, reading_sign
from grader.pages.contract import fence, prose
from grader.pages.mentions import Known, days
from grader.pages.noted import about_exercise
from grader.pages.places import Places, exercise_page, unit_page
from grader.pages.related import Days
from grader.pages.scene import Contract, Scene
from grader.pages.words import count, day_in_words, escape, sign, table, to

_STATUS: dict[Status, str] = {
    "passed": '<span class="gw-state gw-passed">● passed</span>',
    "failed": '<span class="gw-state gw-failed">✕ failed</span>',
    "blocked": '<span class="gw-state gw-open">○ not reached</span>',
    "timeout": '<span class="gw-state gw-failed">✕ ran out of time</span>',
    "crashed": '<span class="gw-state gw-failed">✕ crashed</span>',
    "memory": '<span class="gw-state gw-failed">✕ ran out of memory</span>',
}


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """A page for each exercise."""
    opens = opened(scene.course)
    logged = days(scene.entries, Known.of(scene.course, places))
    return {
        exercise_page(e.id): _page(scene, places, e, opens, logged)
        for e in scene.course.exercises()
    }


def opened(course: Course) -> dict[str, list[str]]:
    """For each exercise those that need it, in course order."""
    found: dict[str, list[str]] = {}
    for exercise in course.exercises():
        for need in dict.fromkeys(exercise.needs):
            found.setdefault(need, []).append(exercise.id)
    return found


def _page(
    scene: Scene, places: Places, exercise: Exercise, opens: dict[str, list[str]], logged: Days
) -> str:
    tries = scene.tried(exercise.id)
    parts = [
        f"# {escape(exercise.title)}",
        _facts(scene, exercise),
        _lesson(scene.lessons.get(exercise.id, "")),
        _contract(scene.contracts.get(exercise.id, ())),
        _checks(scene, exercise, tries),
        _hints(exercise),
        _linked("Needs", scene, exercise, exercise.needs),
        _linked("Opens", scene, exercise, opens.get(exercise.id, [])),
        _reading(scene, exercise),
        about_exercise(scene, places, exercise.id),
        related.cards(scene, exercise.id),
        related.logged(logged, exercise.id),
        history.section(scene, exercise, tries),
        history.mistakes(scene, exercise),
        solution.section(scene, exercise),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(scene: Scene, exercise: Exercise) -> str:
    standing = scene.standings.get(exercise.id, Standing(exercise.id))
    unit = next(unit for unit in scene.course.units() if unit.id == exercise.unit)
    stub = scene.workspace.shown(scene.workspace.stub(exercise.id))
    home = to(exercise_page(exercise.id), unit_page(unit.id))
    facts = [
        sign(scene.progress.states[exercise.id]) + _since(scene, exercise, standing),
        f"[{escape(unit.title)}]({home})",
        f"about {count(exercise.minutes, 'minute')}",
    ]
    what = f"{escape(exercise.summary)} Write it in `{stub}`, then type `grade {exercise.id}`."
    return f"{' · '.join(facts)}\n\n{what}"


def _since(scene: Scene, exercise: Exercise, standing: Standing) -> str:
    tried = count(standing.attempts, "attempt")
    match scene.progress.states[exercise.id]:
        case "passed":
            return f" on {day_in_words(standing.passed_day)}, {tried} so far"
        case "stale":
            day = day_in_words(standing.passed_day)
            return f": passed on {day}, and its checks have changed since. Grade it again"
        case "started":
            return f", {tried}"
        case _:
            return ""


def _lesson(text: str) -> str:
    """The lesson without its title, which the page has already."""
    return re.sub(r"\A\s*#\s[^\n]*\n+", "", text).strip()


def _contract(contracts: tuple[Contract, ...]) -> str:
    blocks = []
    for contract in contracts:
        blocks.append(fence(contract.signature, "python"))
        if contract.docstring:
            blocks.append(prose(contract.docstring))
    return "\n\n".join(["## Contract", *blocks]) if blocks else ""


def _checks(scene: Scene, exercise: Exercise, tries: list[Attempt]) -> str:
    claims = scene.claims.get(exercise.id, ())
    if not claims:
        return ""
    said = {claim.name: escape(claim.claim or claim.name) for claim in claims}
    last = tries[-1].checks if tries else {}
    if not set(last) & set(said):
        return "\n\n".join(["## Checks", "\n".join(f"1. {claim}" for claim in said.values())])
    rows = [
        [str(number), claim, _STATUS.get(last[name], "–") if name in last else "–"]
        for number, (name, claim) in enumerate(said.items(), start=1)
    ]
    return "## Checks\n\n" + table(["No.", "Claim", "Last attempt"], rows)


def _hints(exercise: Exercise) -> str:
    if not exercise.hints:
        return ""
    folded = [
        f'??? question "Hint {hint.level} of {len(exercise.hints)}"\n\n'
        + indent(hint.text.strip(), "    ")
        for hint in exercise.hints
    ]
    return "\n\n".join(["## Hints", *folded])


def _linked(heading: str, scene: Scene, exercise: Exercise, others: Iterable[str]) -> str:
    here = exercise_page(exercise.id)
    lines = [
        f"- [{escape(scene.course.exercise(other).title)}]({to(here, exercise_page(other))}) "
        + sign(scene.progress.states[other])
        for other in others
    ]
    return "\n".join([f"## {heading}", "", *lines]) if lines else ""


def _reading(scene: Scene, exercise: Exercise) -> str:
    known = {item.id: item for item in scene.readings}
    held = [known[name] for name in exercise.resources if name in known]
    lines = [f"- {cited(item.resource)} {reading_sign(item)}" for item in held]
    return "\n".join(["## Reading", "", *lines]) if lines else ""
