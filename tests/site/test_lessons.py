"""Lessons on their pages: diagrams drawn and hardened, first uses of terms linked."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from busy_learner import lay

from grader.course.lessons.diagrams.diagram import Cell, Diagram, Grid, Grids
from grader.site import render_all
from grader.site.pages.lesson import draw_diagram


@pytest.fixture(scope="module")
def rendered_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real course's pages as Markdown."""
    own = lay(tmp_path_factory.mktemp("lessons") / "ws")
    render_all(own)
    return own.rendered


def test_a_diagram_becomes_a_figure_with_its_words() -> None:
    """The figure is one line of Markdown, its words are its label and its caption."""
    cells = ((Cell("a", "strong"), Cell("", "hatched")),)
    html = draw_diagram(Diagram(Grids((Grid(cells),)), "One row.", 3), 7)
    assert "\n" not in html
    figure = BeautifulSoup(html, "html.parser").figure
    assert figure is not None and figure.svg is not None and figure.figcaption is not None
    assert figure.svg["aria-label"] == figure.figcaption.text == "One row."
    assert [rect["class"] for rect in figure.find_all("rect")] == [
        ["gw-d-strong"],
        ["gw-d-hatched"],
    ]
    assert "gw-hatch-7" in str(figure.find_all("rect")[1]["fill"])


def test_text_in_a_diagram_is_escaped() -> None:
    """Words and cells that look like HTML stand as text."""
    hostile = "<script>alert(1)</script>"
    html = draw_diagram(Diagram(Grids((Grid(((Cell(hostile),),)),)), hostile, 1), 0)
    assert BeautifulSoup(html, "html.parser").script is None and "&lt;script&gt;" in html


def test_pages_of_the_course_draw_and_link(rendered_course: Path) -> None:
    """The causal mask's page has its diagram, and links to the glossary that lead somewhere."""
    page = (rendered_course / "units/attention/causal_mask.md").read_text("utf-8")
    assert '<figure class="gw-diagram">' in page and "```diagram" not in page
    assert "](../../glossary.md#loss)" in page
    assert "[causal mask](../../glossary.md" not in page
    glossary = (rendered_course / "glossary.md").read_text("utf-8")
    assert "\n## loss\n" in glossary and "units/attention/causal_mask.md" in glossary
