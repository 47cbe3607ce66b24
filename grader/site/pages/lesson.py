"""A lesson on its exercise's page: diagrams drawn, first uses of terms linked to the glossary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from grader.base import render_cache
from grader.course.lessons.diagrams.diagram import Diagram
from grader.course.lessons.diagrams.draw import draw
from grader.course.lessons.lesson import Prose, read_lesson
from grader.course.lessons.terms import link_terms
from grader.course.model import Exercise, Term
from grader.site.formatting import make_relative
from grader.site.page_paths import locate_exercise
from grader.site.pages.glossary import PAGE
from grader.site.site_data import SiteData
from grader.site.templating import fill_block, fill_file

_MARGIN = 4.0
"""Units around a drawing, for lines and heads at its edge."""


def render_lesson(site: SiteData, exercise: Exercise) -> str:
    """Return the lesson as Markdown, without its title, which the page has already."""
    text = site.lessons.get(exercise.id, "")
    terms = [term for term in site.course.glossary if term.taught != exercise.id]
    address = make_relative(locate_exercise(exercise.id), PAGE)
    path = site.workspace.locate_lesson(exercise.id)
    source = (text, address, repr(terms))
    return str(render_cache.compute(lambda: _render(text, path, terms, address), "lesson", *source))


def _render(text: str, path: Path, terms: Sequence[Term], address: str) -> str:
    """Link the terms first, since a diagram's words contain no links, and then draw."""
    linked = link_terms(re.sub(r"\A\s*#\s[^\n]*\n+", "", text), terms, address)
    pieces = read_lesson(linked, path).pieces
    drawn = [
        piece.text.strip() if isinstance(piece, Prose) else str(draw_diagram(piece, number))
        for number, piece in enumerate(pieces)
    ]
    return "\n\n".join(drawn).strip()


def draw_diagram(diagram: Diagram, number: int) -> Markup:
    """Return a diagram as a figure; ``number`` tells those of one page apart."""
    return fill_block("diagram.html", **_lay_out(diagram, number))


def draw_picture(diagram: Diagram) -> str:
    """Return a diagram as an SVG file of its own, on a light ground whatever surrounds it."""
    return fill_file("diagram_picture.svg", **_lay_out(diagram, 0))


def _lay_out(diagram: Diagram, number: int) -> dict[str, object]:
    drawing = draw(diagram.drawable)
    return {
        "width": round(drawing.width + 2 * _MARGIN),
        "height": round(drawing.height + 2 * _MARGIN),
        "shapes": drawing.shapes,
        "words": diagram.words,
        "number": number,
    }
