"""The hostile corpus without a browser: what it becomes is parsed, and nothing in it can act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from hostile_corpus import CASES, PICTURES
from hostile_workspace import REPO, lay, places
from markdown import Markdown

from grader.learner.notes import rendering
from grader.learner.notes.picture import explain_refusal
from grader.site.formatting import escape_markdown, to_plain_line
from grader.site.gather import gather
from grader.site.render import build_files
from grader.site.tables import TableCell, TableRow, render_markdown_table, render_scrolling_table

pytestmark = pytest.mark.slow

FORBIDDEN = [
    *("script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "form"),
    *("button", "textarea", "select", "link", "meta", "base", "video", "audio", "source"),
    *("template", "noscript", "portal", "fencedframe", "dialog", "marquee", "foreignobject"),
    *("animate", "set", "use", "plaintext", "xmp", "title"),
]
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "background", "xlink:href")


def faults(page: Tag) -> Iterator[str]:
    """What on a page could act, load or cover it."""
    for tag in page.find_all(True):
        names_a_picture = tag.name == "title" and tag.find_parent("svg") is not None
        if tag.name in FORBIDDEN and not names_a_picture:
            yield f"<{tag.name}>"
        for name, value in tag.attrs.items():
            words = " ".join(value) if isinstance(value, list) else str(value)
            if name.startswith("on") or name in ("srcset", "srcdoc", "ping", "target", "name"):
                yield f"{tag.name} {name}={words[:60]}"
            if name in ADDRESSES and _acts(tag.name, words):
                yield f"{tag.name} {name}={words[:60]}"
            if name == "style" and re.search(r"url|position|expression|@import|\\\\", words, re.I):
                yield f"{tag.name} style={words[:60]}"
            if name in ("class", "id") and re.search(r"(^|\s)(md-|__)", words):
                yield f"{tag.name} {name}={words[:60]}"


def _acts(tag: str, address: str) -> bool:
    """Whether an address runs something, or loads something from elsewhere."""
    bare = re.sub(r"[\t\n\r]", "", address.lstrip("".join(map(chr, range(33))))).lower()
    if tag in ("img", "image"):
        return bool(re.match(r"[a-z][a-z+.-]*:|[/\\]{2}", bare)) and not re.match(
            r"data:image/(png|jpeg|gif|webp);base64,", bare
        )
    return bool(re.match(r"(javascript|vbscript|data|blob|file|filesystem):", bare))


def here(tag: str, address: str) -> str:
    """A link that leads wherever it says, as the most trusting page would have it."""
    return address


@pytest.mark.parametrize("case", CASES)
def test_a_learners_text_is_harmless(case: str) -> None:
    """As a text and in every place within one, the piece becomes HTML that cannot act."""
    for text in (CASES[case], *places(CASES[case])):
        whole = rendering.render_html(text, here)
        pieces = "".join(
            block.content for block in rendering.render_blocks(text, here) if not block.level
        )
        for html in (whole, pieces):
            assert list(faults(BeautifulSoup(html, "html.parser"))) == []


@pytest.mark.parametrize("case", CASES)
def test_words_from_elsewhere_are_only_words(case: str) -> None:
    """In a heading, a paragraph, a table, a link's text and an attribute they are shown as text."""
    text = CASES[case].encode("utf-8", "replace").decode()
    page = "\n\n".join(
        [
            f"## {escape_markdown(text)}",
            escape_markdown(text),
            render_markdown_table(["a"], [[escape_markdown(text)]]),
            f"- [{escape_markdown(text)}](index.md)",
            render_scrolling_table(
                text, [text], [TableRow([TableCell(text, value=text)])], "gw-described"
            ),
        ]
    )
    soup = BeautifulSoup(_parser().convert(page), "html.parser")
    box = soup.find("div")
    assert isinstance(box, Tag)
    assert set(box.attrs) == {"class", "tabindex", "role", "aria-label"}
    cell = box.find("td")
    assert isinstance(cell, Tag)
    assert set(cell.attrs) == {"data-value", "data-head"}
    plain = to_plain_line(text)
    assert cell.text == cell["data-value"] == cell["data-head"] == box["aria-label"] == plain
    known = {
        "h2",
        "p",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "a",
        "div",
    }
    assert {tag.name for tag in soup.find_all(True)} <= known
    assert list(faults(soup)) == []


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_acts_stays_off_the_site(name: str) -> None:
    """An SVG that runs or loads something is refused; bytes that are no picture cannot act."""
    assert bool(explain_refusal(name, PICTURES[name].encode())) == name.endswith(".svg")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | bytes | Path]:
    """What the tool renders of the corpus's workspace."""
    return build_files(gather(lay(tmp_path_factory.mktemp("hostile") / "ws")))


@pytest.fixture(scope="module")
def pages(files: dict[str, str | bytes | Path]) -> dict[str, BeautifulSoup]:
    """Every page of the corpus's workspace, as Python-Markdown makes it."""
    parser = _parser()
    texts = {name: text for name, text in files.items() if isinstance(text, str)}
    return {
        name: BeautifulSoup(parser.reset().convert(_body(text)), "html.parser")
        for name, text in texts.items()
        if name.endswith(".md") and not name.startswith("guide/")
    }


def _body(text: str) -> str:
    """A page without the front matter that the tool itself puts there."""
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)


@cache
def _parser() -> Markdown:
    """Python-Markdown with the extensions that mkdocs.yml names."""
    text = re.sub(r"!!\S+", "", (REPO / "mkdocs.yml").read_text("utf-8"))
    named = yaml.safe_load(text)["markdown_extensions"]
    options = {
        name: settings for item in named for name, settings in _item(item).items() if settings
    }
    names = [name for item in named for name in _item(item)]
    return Markdown(extensions=names, extension_configs=options)


def _item(item: str | dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    return {item: {}} if isinstance(item, str) else item


def test_every_page_of_the_corpus_is_harmless(pages: dict[str, BeautifulSoup]) -> None:
    """Notes, notebooks, the log, exercises and the home page hold nothing that can act."""
    found = {name: wrong for name, page in pages.items() if (wrong := list(faults(page)))}
    assert found == {}


def test_the_corpus_is_there(pages: dict[str, BeautifulSoup]) -> None:
    """The pages do show the pieces, as words: no page is harmless for being empty."""
    assert len(CASES) >= 60
    notes = [page for name, page in pages.items() if re.match(r"notes/case-", name)]
    assert len(notes) == len(CASES)
    assert sum("hit()" in page.get_text() for page in notes) > 30
    books = [page for name, page in pages.items() if name.startswith("notes/books/")]
    assert books
    assert all(len(re.findall(r"hit|evil", page.get_text())) > 100 for page in books)
    assert pages["log/2026-11.md"].get_text().count("hit()") > len(CASES)
    softmax = pages["units/attention/softmax.md"].get_text()
    assert "hit()" in softmax or "evil.example" in softmax


def test_nothing_outside_the_notes_is_copied(files: dict[str, str | bytes | Path]) -> None:
    """Snippets and links out of the folder bring no file of the system's or the project's."""
    held = [data for data in files.values() if isinstance(data, Path)]
    assert {path.suffix for path in held if "notes" in path.parts} <= {".png"}
    shown = "".join(text for name, text in files.items() if isinstance(text, str))
    assert "docs_dir: .groundwork/docs" not in shown
    assert "root:x:0" not in shown
