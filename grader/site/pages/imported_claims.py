"""What imported journals say is done, shown beside what was graded here."""

from __future__ import annotations

from collections.abc import Iterable

from grader.learner.model import ImportedClaim
from grader.learner.states import CLAIMS
from grader.site.formatting import (
    escape_markdown,
    format_day,
    make_link,
)
from grader.site.page_paths import locate_unit
from grader.site.signs import draw_sign, draw_unit_state
from grader.site.site_data import SiteData
from grader.site.tables import BREAK, render_markdown_table
from grader.site.templating import render_small_lines


def render_imported_claims(site: SiteData, page: str) -> list[str]:
    """Render the part of a page that shows the claims; empty without any."""
    claims = _merge_claims(site.imported_claims)
    if not claims:
        return []
    rows = [_make_row(site, claim, page) for claim in claims]
    explanation = (
        "Imported from journals by `grade import`, in their words. "
        "None of it counts as passed until it is graded here."
    )
    return [
        "## Said to be done",
        explanation,
        render_markdown_table(["What", "Said", "Units here"], rows),
    ]


def _merge_claims(claims: Iterable[ImportedClaim]) -> list[ImportedClaim]:
    """Return each claim once, in the order of its source; a later "done" replaces "planned".

    The same words below two headings, such as those of two days, are two claims.
    """
    by_text: dict[tuple[str, str], ImportedClaim] = {}
    for claim in sorted(claims, key=_sort_key):
        name = claim.heading.casefold(), claim.text.casefold()
        if name not in by_text or (claim.done and not by_text[name].done):
            by_text[name] = claim
    return sorted(by_text.values(), key=lambda claim: (not claim.done, *_sort_key(claim)))


def _sort_key(claim: ImportedClaim) -> tuple[str, int, str]:
    file, _, line = claim.source.rpartition(":")
    return file, int(line) if line.isdecimal() else 0, claim.text


def _make_row(site: SiteData, claim: ImportedClaim, page: str) -> list[str]:
    more = [part for part in (claim.heading, claim.detail) if part]
    more.append(f"{claim.source}, imported {format_day(claim.day)}")
    sign = draw_sign(CLAIMS[claim.done])
    return [
        f"{escape_markdown(claim.text)}{render_small_lines(more)}",
        sign,
        _link_units(site, claim, page),
    ]


def _link_units(site: SiteData, claim: ImportedClaim, page: str) -> str:
    """Link the units that the claim is about, each with its state here."""
    known = {unit.id: unit for unit in site.course.iterate_units()}
    return str(BREAK).join(
        f"{make_link(known[name].title, page, locate_unit(name))} "
        f"{draw_unit_state(site.progress.units[name])}"
        for name in claim.units
        if name in known
    )
