"""The objectives: how far each has come, and the exercises, readings and cards behind it."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from grader.learner.objectives import WEIGHTS, Evidence, weigh
from grader.learner.states import READINGS
from grader.site.bars import BarPart
from grader.site.formatting import (
    escape_markdown,
    format_percent,
    hide_sidebars,
    make_href,
    make_link,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_exercise
from grader.site.pages.reading import cite_item, render_reading_state
from grader.site.signs import draw_state
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_PAGE = "objectives.md"

_EXPLANATION = f"""## How the share is counted

- Exercises weigh {WEIGHTS["exercises"]} of 100, readings {WEIGHTS["readings"]} and cards \
{WEIGHTS["cards"]}: checks show more than reading does. Where an objective has \
none of a kind, the others count for the whole.
- A passed exercise counts fully; one whose checks have changed since counts half.
- A reading counts fully once it is done, and half while it is being read. One that the learner \
added counts once it is done, so that adding one never lowers the share.
- A card counts when it is known.
- A reading counts towards its own objectives and those of the exercises that name it, a card \
towards those of the exercises that its note is about.

The share refers to the course as it is today."""


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the page of all objectives, and one for each with what counts towards it."""
    found = _weigh(site)
    pages = {_PAGE: hide_sidebars(_render_overview(found))}
    return pages | {locate_objective(one): hide_sidebars(_render_page(site, one)) for one in found}


def locate_objective(evidence: Evidence) -> str:
    """Return the page of an objective."""
    return f"objectives/{evidence.objective.id}.md"


def render_short_list(site: SiteData) -> str:
    """Render the objectives with their shares, for the home page; empty without any."""
    found = _weigh(site)
    if not found:
        return ""
    items = [_make_item(one) for one in found]
    return f"## [Objectives]({_PAGE})\n\n{fill_block('objectives/list.html', items=items)}"


def _weigh(site: SiteData) -> tuple[Evidence, ...]:
    return weigh(site.course, site.progress.states, site.readings, site.cards)


class _Item(NamedTuple):
    """An objective in the list of the home page."""

    text: str
    link: str
    words: str
    parts: list[BarPart]


def _make_item(evidence: Evidence) -> _Item:
    percent = format_percent(evidence.percent)
    share = Markup(f"{percent} of its evidence, {_count_passed(evidence)}")
    return _Item(
        evidence.objective.text,
        make_href("index.md", locate_objective(evidence)),
        "nothing counts yet" if evidence.is_empty else share,
        _make_bar(evidence),
    )


def _count_passed(evidence: Evidence) -> str:
    passed = sum(state == "passed" for _, state in evidence.exercises)
    return f"{passed} of {pluralize(len(evidence.exercises), 'exercise')} passed"


def _make_bar(evidence: Evidence) -> list[BarPart]:
    """Return the share as the one part of a bar."""
    return [BarPart("passed", 0.0, float(100 * evidence.share))] if evidence.share else []


def _render_overview(found: tuple[Evidence, ...]) -> str:
    parts = ["# Objectives"]
    for one in found:
        parts += [f"## {escape_markdown(one.objective.text)}", _render_share(one)]
        if not one.is_empty:
            parts.append(
                f"{_summarize(one)}. {make_link('What counts', _PAGE, locate_objective(one))}"
            )
    return "\n\n".join([*parts, _EXPLANATION]) + "\n"


def _render_share(evidence: Evidence) -> str:
    if evidence.is_empty:
        return "No exercise, reading or card counts towards it yet."
    return fill_block(
        "objectives/share.html",
        text=evidence.objective.text,
        percent=evidence.percent,
        parts=_make_bar(evidence),
    )


def _summarize(evidence: Evidence) -> str:
    """Say how many exercises, readings and cards there are, and how many are done."""
    passed = sum(state == "passed" for _, state in evidence.exercises)
    done = sum(item.state == "done" for item in evidence.counted)
    sums = [
        (passed, len(evidence.exercises), "exercise", "passed"),
        (done, len(evidence.counted), "reading", "done"),
        (evidence.cards.known, evidence.cards.all, "card", "known"),
    ]
    return ", ".join(f"{n} of {pluralize(all, what)} {word}" for n, all, what, word in sums if all)


def _render_page(site: SiteData, evidence: Evidence) -> str:
    here = locate_objective(evidence)
    parts = [f"# {escape_markdown(evidence.objective.text)}", _render_share(evidence)]
    parts += [] if evidence.is_empty else [f"{_summarize(evidence)}."]
    if evidence.exercises:
        lines = [
            f"- {make_link(e.title, here, locate_exercise(e.id))} {draw_state(state)}"
            for e, state in evidence.exercises
        ]
        parts += ["## Exercises", "\n".join(lines)]
    if evidence.readings:
        order = list(READINGS)
        held = sorted(evidence.readings, key=lambda item: order.index(item.state))
        parts += [
            "## Readings",
            "\n".join(f"- {cite_item(i)} {render_reading_state(i)}" for i in held),
        ]
    if evidence.cards.all:
        cards = evidence.cards
        parts += ["## Cards", f"{cards.known} of {pluralize(cards.all, 'card')} known."]
    return "\n\n".join([*parts, make_link("All objectives", here, _PAGE)]) + "\n"
