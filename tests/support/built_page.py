"""What stands on a page that MkDocs built: its content, its words, its tables."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from grader.base.paths import Workspace


def page(own: Workspace, name: str) -> Tag:
    """The content of a built page."""
    soup = BeautifulSoup((own.site / name).read_text("utf-8"), "html.parser")
    content = soup.find("article")
    assert isinstance(content, Tag)
    return content


def words(tag: Tag) -> str:
    """The text of an element on one line, without the signs that link to headings."""
    return " ".join(tag.get_text(" ").replace("¶", "").split())


def row(content: Tag, first: str) -> list[str]:
    """The cells of the first table row that begins with these words."""
    for found in content.find_all("tr"):
        cells = [words(cell) for cell in found.find_all("td")]
        if cells and cells[0] == first:
            return cells
    raise AssertionError(f"no row {first}")


def under(content: Tag, heading: str) -> str:
    """The words between a heading and the next one of its level."""
    (start,) = [h for h in content.find_all(["h2", "h3"]) if words(h) == heading]
    found = []
    for sibling in start.find_next_siblings():
        if sibling.name in ("h1", start.name):
            break
        found.append(words(sibling))
    return " ".join(found)
