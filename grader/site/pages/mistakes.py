"""The page of the mistakes that were met: what each looked like, and when it was fixed."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from grader.learner.states import MISTAKES
from grader.site.formatting import (
    hide_sidebars,
    make_href,
    make_link,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.mistake_history import MetMistake, find_all_met_mistakes
from grader.site.page_paths import locate_exercise, locate_unit
from grader.site.pages.history import describe_mistake
from grader.site.signs import draw_sign
from grader.site.site_data import SiteData
from grader.site.tables import render_markdown_table
from grader.site.templating import fill_block

_PAGE = "mistakes.md"
_SHOWN = 150
"""The number of fixed mistakes that the page lists, the newest ones."""


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the page of mistakes."""
    found = find_all_met_mistakes(site)
    unfixed = sorted((m for m in found if m.fixed is None), key=lambda m: m.first.at, reverse=True)
    fixed = sorted((m for m in found if m.fixed), key=_get_fixed_at, reverse=True)
    parts = ["# Mistakes I learned from", _render_lead(found, fixed)]
    if unfixed:
        parts += ["## Not fixed yet", _render_cards(site, unfixed)]
    if fixed:
        parts += ["## Fixed", _render_cards(site, fixed[:_SHOWN])]
    if len(fixed) > _SHOWN:
        parts.append(
            f"And {pluralize(len(fixed) - _SHOWN, 'earlier one')}, on the exercises' pages."
        )
    if found:
        parts += ["## By unit", _render_units(site, found)]
    return {_PAGE: hide_sidebars("\n\n".join(parts) + "\n")}


def _render_lead(found: list[MetMistake], fixed: list[MetMistake]) -> str:
    if not found:
        return (
            "Nothing yet. When your wrong answers match a known mistake, `grade` names it, and "
            "it is listed here, with the day on which you fixed it."
        )
    return (
        "Each is a known mistake that gave the same answers as one of your attempts. "
        f"{pluralize(len(found), 'mistake')} made, {len(fixed)} fixed."
    )


def _get_fixed_at(one: MetMistake) -> str:
    return one.fixed.at if one.fixed else ""


def _render_cards(site: SiteData, found: list[MetMistake]) -> str:
    titles = {exercise.id: exercise.title for exercise in site.course.iterate_exercises()}
    return fill_block("mistakes.html", mistakes=[_make_card(titles, one) for one in found])


class _MistakeCard(NamedTuple):
    """A mistake that was met, as its card shows it."""

    says: str
    claim: str
    title: str
    link: str
    sign: Markup
    words: Markup


def _make_card(titles: dict[str, str], one: MetMistake) -> _MistakeCard:
    return _MistakeCard(
        one.says,
        one.claim,
        titles[one.exercise],
        make_href(_PAGE, locate_exercise(one.exercise)),
        draw_sign(MISTAKES[one.fixed is not None]),
        describe_mistake(one),
    )


def _render_units(site: SiteData, found: list[MetMistake]) -> str:
    """Render which units cost the most attempts, the costliest first."""
    rows = []
    for unit in site.course.iterate_units():
        here = [one for one in found if one.exercise.partition("/")[0] == unit.id]
        link = make_link(unit.title, _PAGE, locate_unit(unit.id))
        cost = sum(one.attempts for one in here)
        if here:
            rows.append((cost, [link, str(len(here)), str(sum(bool(m.fixed) for m in here))]))
    rows.sort(key=lambda row: -row[0])
    return render_markdown_table(
        ["Unit", "Mistakes made", "Fixed", "Attempts spent"], [[*row, str(c)] for c, row in rows]
    )
