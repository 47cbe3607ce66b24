"""The page of an exercise: lesson, contract, checks, hints, needs, history and reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import indent

from grader.course.model import Course, Exercise
from grader.course.source.contracts import Contract
from grader.grading.outcome import Attempt, Standing, Status
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
from grader.site.neighbours import find_neighbours
from grader.site.page_paths import locate_exercise, locate_unit
from grader.site.pages import history, related, solution
from grader.site.pages.day import link_neighbours
from grader.site.pages.docstring import render_code_block, render_docstring
from grader.site.pages.lesson import render_lesson
from grader.site.pages.notes import render_notes_about
from grader.site.pages.reading import cite, render_reading_state
from grader.site.pages.related import MentionDays
from grader.site.signs import draw_sign, draw_state
from grader.site.site_data import SiteData
from grader.site.tables import SENTENCE, TableCell, TableRow, render_scrolling_table
from grader.site.templating import fill_block, render_fold


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return a page for each exercise."""
    opens = invert_needs(site.course)
    logged = find_mention_days(site.entries, NameIndex.build(site.course, links))
    cards, beside = related.group_cards(site), find_neighbours(site.course)
    pages = {}
    for exercise in site.course.iterate_exercises():
        page = locate_exercise(exercise.id)
        held = cards.get(exercise.id, ())
        text = _render_page(site, links, exercise, opens, logged, held)
        foot = link_neighbours(page, "Exercises before and after", ("Map", "map.md"), beside[page])
        pages[page] = f"{text}\n\n{foot}\n"
    return pages


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
    ]
    return "\n\n".join(part for part in parts if part)


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
    texts = {claim.name: claim.claim or claim.name for claim in claims}
    last = tries[-1].checks if tries else {}
    known = [name for name in texts if name in last]
    if not known:
        listed = fill_block("exercise/claims.html", claims=list(texts.values()))
        return f"## Checks\n\n{render_fold(pluralize(len(texts), 'claim'), listed)}"
    rows = [
        _make_check_row(number, texts[name], last.get(name)) for number, name in enumerate(texts, 1)
    ]
    passed = sum(last[name] == "passed" for name in known)
    summary = f"{pluralize(len(texts), 'claim')}, {passed} passed in the last attempt"
    table = render_scrolling_table("Checks", ("No.", "Claim", "Last attempt"), rows, "gw-checks")
    fold = render_fold(summary, table, is_open=passed < len(texts))
    return f"## Checks\n\n{fold}"


def _make_check_row(number: int, claim: str, status: Status | None) -> TableRow:
    sign = draw_sign(CHECKS[status]) if status and status in CHECKS else "–"
    return TableRow([TableCell(number), TableCell(claim, kind=SENTENCE), TableCell(sign)])


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
