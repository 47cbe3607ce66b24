"""The glossary's page: each term with its meaning, its other names, and where it is taught."""

from __future__ import annotations

from grader.course.model import Course, Term
from grader.site.formatting import (
    escape_markdown,
    make_link,
)
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_exercise
from grader.site.site_data import SiteData

PAGE = "glossary.md"


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the page, also for a course without terms."""
    parts = [
        "# Glossary",
        "The field's terms as papers and PyTorch use them. Lessons link each term where they "
        "first use it.",
        *(_render_term(site.course, term) for term in site.course.glossary),
    ]
    return {PAGE: "\n\n".join(parts) + "\n"}


def _render_term(course: Course, term: Term) -> str:
    parts = [f"## {escape_markdown(term.term)}", term.text]
    notes = []
    if term.also:
        notes.append(f"Also: {', '.join(escape_markdown(name) for name in term.also)}.")
    if term.taught:
        title = course.find_exercise(term.taught).title
        notes.append(f"Taught in {make_link(title, PAGE, locate_exercise(term.taught))}.")
    return "\n\n".join([*parts, " ".join(notes)] if notes else parts)
