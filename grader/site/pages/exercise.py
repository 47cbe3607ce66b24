"""The page of an exercise: lesson, contract, checks, hints, needs, history and reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import indent

from markupsafe import Markup

from grader.course.model import Course, Exercise
from grader.course.source.contracts import Contract
from grader.grading.outcome import Attempt, Standing
from grader.learner.model import Card
from grader.learner.states import CHECKS
from grader.site.formatting import (
    escape_markdown,
    format_day,
    make_link,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.mentions import find_mention_days
from grader.site.name_index import NameIndex
from grader.site.page_paths import locate_exercise, locate_unit
from grader.site.pages import history, related, solution
from grader.site.pages.day import render_neighbours
from grader.site.pages.docstring import render_code_block, render_docstring
from grader.site.pages.lesson import render_lesson
from grader.site.pages.notes import render_notes_about
from grader.site.pages.reading import cite, render_reading_state
from grader.site.pages.related import MentionDays
from grader.site.signs import draw_sign, draw_state
from grader.site.site_data import SiteData
from grader.site.tables import render_markdown_table


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return a page for each exercise."""
    opens = invert_needs(site.course)
    logged = find_mention_days(site.entries, NameIndex.build(site.course, links))
    cards = related.group_cards(site)
    return {
        locate_exercise(e.id): _render_page(site, links, e, opens, logged, cards.get(e.id, ()))
        for e in site.course.iterate_exercises()
    }


def invert_needs(course: Course) -> dict[str, list[str]]:
    """Return for each exercise those that need it, in course order."""
    found: dict[str, list[str]] = {}
    for exercise in course.iterate_exercises():
        for need in dict.fromkeys(exercise.needs):
            found.setdefault(need, []).append(exercise.id)
    return found


def _render_page(
    site: SiteData,
    links: LinkResolver,
    exercise: Exercise,
    opens: dict[str, list[str]],
    logged: MentionDays,
    cards: Sequence[Card],
) -> str:
    tries = site.list_attempts(exercise.id)
    parts = [
        f"# {escape_markdown(exercise.title)}",
        _render_facts(site, exercise),
        render_lesson(site, exercise),
        _render_contract(site.contracts.get(exercise.id, ())),
        _render_checks(site, exercise, tries),
        _render_hints(exercise),
        _list_exercises("Needs", site, exercise, exercise.needs),
        _list_exercises("Opens", site, exercise, opens.get(exercise.id, [])),
        _render_reading(site, exercise),
        render_notes_about(site, links, exercise.id),
        related.render_related_cards(site, cards, exercise.id),
        related.render_related_days(logged, exercise.id),
        history.render_history(site, exercise, tries),
        history.render_met_mistakes(site, exercise),
        solution.render_solution(site, exercise),
        _link_neighbours(site, exercise),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _link_neighbours(site: SiteData, exercise: Exercise) -> Markup:
    """Return links to the exercises before and after, in course order."""
    order = list(site.course.iterate_exercises())
    place = order.index(exercise)
    before = order[place - 1] if place else None
    after = order[place + 1] if place + 1 < len(order) else None
    return render_neighbours(
        locate_exercise(exercise.id),
        "Exercises before and after",
        ("prev", before.title if before else "", locate_exercise(before.id) if before else ""),
        ("up", "Map", "map.md"),
        ("next", after.title if after else "", locate_exercise(after.id) if after else ""),
    )


def _render_facts(site: SiteData, exercise: Exercise) -> str:
    standing = site.standings.get(exercise.id, Standing(exercise.id))
    unit = next(unit for unit in site.course.iterate_units() if unit.id == exercise.unit)
    stub = site.workspace.show_path(site.workspace.locate_stub(exercise.id))
    here = locate_exercise(exercise.id)
    state = draw_state(site.progress.states[exercise.id])
    optional = exercise in site.course.list_optional()
    facts = [
        f"{state}{_describe_progress(site, exercise, standing)}",
        make_link(unit.title, here, locate_unit(unit.id)),
        f"about {pluralize(exercise.minutes, 'minute')}",
        *(["optional"] if optional else []),
    ]
    task = f"Write it in `{stub}`, then type `grade {exercise.id}`."
    return f"{' · '.join(facts)}\n\n{escape_markdown(exercise.summary)} {task}"


def _describe_progress(site: SiteData, exercise: Exercise, standing: Standing) -> str:
    tried = pluralize(standing.attempts, "attempt")
    match site.progress.states[exercise.id]:
        case "passed":
            return f" on {format_day(standing.passed_day)}, {tried} so far"
        case "stale":
            day = format_day(standing.passed_day)
            return f": passed on {day}, and its checks have changed since. Grade it again"
        case "started":
            return f", {tried}"
        case _:
            return ""


def _render_contract(contracts: tuple[Contract, ...]) -> str:
    blocks = []
    for contract in contracts:
        blocks.append(render_code_block(contract.signature, "python"))
        if contract.docstring:
            blocks.append(render_docstring(contract.docstring))
    return "\n\n".join(["## Contract", *blocks]) if blocks else ""


def _render_checks(site: SiteData, exercise: Exercise, tries: list[Attempt]) -> str:
    claims = site.claims.get(exercise.id, ())
    if not claims:
        return ""
    texts = {claim.name: escape_markdown(claim.claim or claim.name) for claim in claims}
    last = tries[-1].checks if tries else {}
    if not set(last) & set(texts):
        return "\n\n".join(["## Checks", "\n".join(f"1. {claim}" for claim in texts.values())])
    rows = [
        [str(number), claim, draw_sign(CHECKS[last[name]]) if last.get(name) in CHECKS else "–"]
        for number, (name, claim) in enumerate(texts.items(), start=1)
    ]
    return "## Checks\n\n" + render_markdown_table(["No.", "Claim", "Last attempt"], rows)


def _render_hints(exercise: Exercise) -> str:
    if not exercise.hints:
        return ""
    folded = [
        f'??? question "Hint {hint.level} of {len(exercise.hints)}"\n\n'
        + indent(hint.text.strip(), "    ")
        for hint in exercise.hints
    ]
    return "\n\n".join(["## Hints", *folded])


def _list_exercises(heading: str, site: SiteData, exercise: Exercise, others: Iterable[str]) -> str:
    here = locate_exercise(exercise.id)
    lines = [
        f"- {make_link(site.course.find_exercise(other).title, here, locate_exercise(other))} "
        f"{draw_state(site.progress.states[other])}"
        for other in others
    ]
    return "\n".join([f"## {heading}", "", *lines]) if lines else ""


def _render_reading(site: SiteData, exercise: Exercise) -> str:
    known = {item.id: item for item in site.readings}
    held = [known[name] for name in exercise.resources if name in known]
    lines = [f"- {cite(item.resource)} {render_reading_state(item)}" for item in held]
    return "\n".join(["## Reading", "", *lines]) if lines else ""
