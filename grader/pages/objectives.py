"""The objectives: how far each has come, and the exercises, readings and cards behind it."""

from __future__ import annotations

from grader.evidence import WEIGHTS, Evidence, weigh
from grader.pages.cite import READING_SIGNS, reading_sign
from grader.pages.places import Places, exercise_page
from grader.pages.reading import named
from grader.pages.scene import Scene
from grader.pages.words import address, attribute, count, escape, sign, to, wide

_PAGE = "objectives.md"

_COUNTED = f"""## How the share is counted

- Exercises weigh {WEIGHTS["exercises"]} of 100, readings {WEIGHTS["readings"]} and cards \
{WEIGHTS["cards"]}: checks prove what reading only promises. Where there are none of a kind, the \
others make the whole.
- A passed exercise counts whole; one whose checks have changed since counts half.
- A reading counts whole once it is done, and half while it is being read. One that the learner \
added counts once it is done, so that adding one never lowers the share.
- A card counts when it is known.
- A reading counts towards its own objectives and those of the exercises that name it, a card \
towards those of the exercises that its note is about.

The share is of what the course holds today."""


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The page of all objectives, and one for each with what counts towards it."""
    found = _weighed(scene)
    made = {_PAGE: wide(_overview(found))}
    return made | {objective_page(one): wide(_page(scene, one)) for one in found}


def objective_page(evidence: Evidence) -> str:
    """The page of an objective."""
    return f"objectives/{evidence.objective.id}.md"


def short(scene: Scene) -> str:
    """The objectives with their shares, for the home page; empty where there are none."""
    items = "".join(_item(one) for one in _weighed(scene))
    return f'## [Objectives]({_PAGE})\n\n<ul class="gw-objectives">{items}</ul>' if items else ""


def _weighed(scene: Scene) -> tuple[Evidence, ...]:
    return weigh(scene.course, scene.progress.states, scene.readings, scene.cards)


def _item(evidence: Evidence) -> str:
    there = address("index.md", objective_page(evidence))
    share = f"{evidence.percent} % of its evidence, {_passed(evidence)}"
    told = "nothing counts yet" if evidence.empty else share
    bar = _bar(evidence, 'aria-hidden="true"')
    return (
        f'<li><a href="{there}">{attribute(evidence.objective.text)}</a> '
        f"<span>{told}</span>{bar}</li>"
    )


def _passed(evidence: Evidence) -> str:
    passed = sum(state == "passed" for _, state in evidence.exercises)
    return f"{passed} of {count(len(evidence.exercises), 'exercise')} passed"


def _bar(evidence: Evidence, says: str) -> str:
    """The share as a bar."""
    done = f'<rect class="gw-passed" width="{float(100 * evidence.share):.2f}" height="4"/>'
    return (
        f'<svg class="gw-bar" viewBox="0 0 100 4" preserveAspectRatio="none" {says}>'
        f'<rect class="gw-track" width="100" height="4"/>{done if evidence.share else ""}</svg>'
    )


def _overview(found: tuple[Evidence, ...]) -> str:
    parts = ["# Objectives"]
    for one in found:
        parts += [f"## {escape(one.objective.text)}", _share(one)]
        if not one.empty:
            parts.append(f"{_sums(one)}. [What counts]({to(_PAGE, objective_page(one))})")
    return "\n\n".join([*parts, _COUNTED]) + "\n"


def _share(evidence: Evidence) -> str:
    if evidence.empty:
        return "No exercise, reading or card counts towards it yet."
    label = attribute(f"{evidence.objective.text} {evidence.percent} % of its evidence")
    bar = _bar(evidence, f'role="img" aria-label="{label}"')
    return (
        f'<figure class="gw-share"><div class="gw-phase"><span>{evidence.percent} % of its '
        f"evidence</span>{bar}</div></figure>"
    )


def _sums(evidence: Evidence) -> str:
    """What there is of each kind, and how much of it is done."""
    passed = sum(state == "passed" for _, state in evidence.exercises)
    done = sum(item.state == "done" for item in evidence.counted)
    sums = [
        (passed, len(evidence.exercises), "exercise", "passed"),
        (done, len(evidence.counted), "reading", "done"),
        (evidence.cards.known, evidence.cards.all, "card", "known"),
    ]
    return ", ".join(f"{n} of {count(all, what)} {word}" for n, all, what, word in sums if all)


def _page(scene: Scene, evidence: Evidence) -> str:
    here = objective_page(evidence)
    parts = [f"# {escape(evidence.objective.text)}", _share(evidence)]
    parts += [] if evidence.empty else [f"{_sums(evidence)}."]
    if evidence.exercises:
        lines = [
            f"- [{escape(e.title)}]({to(here, exercise_page(e.id))}) {sign(state)}"
            for e, state in evidence.exercises
        ]
        parts += ["## Exercises", "\n".join(lines)]
    if evidence.readings:
        order = list(READING_SIGNS)
        held = sorted(evidence.readings, key=lambda item: order.index(item.state))
        parts += ["## Readings", "\n".join(f"- {named(i)} {reading_sign(i)}" for i in held)]
    if evidence.cards.all:
        cards = evidence.cards
        parts += ["## Cards", f"{cards.known} of {count(cards.all, 'card')} known."]
    return "\n\n".join([*parts, f"[All objectives]({to(here, _PAGE)})"]) + "\n"
