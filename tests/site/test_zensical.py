"""Zensical, Material's successor, builds the same site from the same files."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

import busy_learner
import pytest
import site_workspace
import yaml
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup, Tag
from chromium import serve
from click.testing import CliRunner
from playwright.sync_api import Browser

from grader.base.errors import GroundworkError, UsageError
from grader.base.paths import Workspace
from grader.cli.commands.site import build as build_command
from grader.site import build, build_with_zensical, render_all

LONG = f'{"A long title " * 120}\N{WOMAN}\u200d\N{MICROSCOPE} a\u00a0b: "c" \\ {{d}} ? - e'
DIALOG = "[...document.querySelectorAll('div')].find((one) => one.shadowRoot)?.shadowRoot"
"""Where Zensical's search is, in the browser."""
NOTES = {
    "evil.md": "# &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;\n",
    "long.md": f"# {LONG}\n",
    "deep/tagged.md": "# Tagged\n\n#attention and #rope\n",
    "diagram.md": "# A diagram\n\n```mermaid\ngraph LR\n  a --> b\n```\n",
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A learner's workspace with notes of every kind, its pages rendered."""
    own = busy_learner.lay(tmp_path_factory.mktemp("both") / "ws")
    (own.notes / "deep").mkdir()
    for name, text in NOTES.items():
        (own.notes / name).write_text(text, "utf-8")
    render_all(own)
    return own


@pytest.fixture(scope="module")
def both(own: Workspace) -> tuple[Path, Path]:
    """The site by MkDocs, and by Zensical."""
    pytest.importorskip("zensical", reason="Zensical is not installed: its group in pyproject.toml")
    own.site.mkdir()
    (own.site / "gone.html").write_text("from an earlier build")
    (own.site / ".keep").write_text("hidden")
    build(own, site=own.root.parent / "mkdocs")
    build_with_zensical(own)
    return own.root.parent / "mkdocs", own.site


def pages(site: Path) -> set[str]:
    """The pages of a site, by their places in it."""
    return {path.relative_to(site).as_posix() for path in site.rglob("*.html")}


def page(site: Path, place: str) -> BeautifulSoup:
    """A page as data."""
    return BeautifulSoup((site / place).read_text("utf-8"), "html.parser")


def compare(both: tuple[Path, Path], look: Callable[[BeautifulSoup, str], Any]) -> list[str]:
    """The pages in which the two sites differ, and what they have there, in short."""
    differing = []
    for place in sorted(pages(both[0])):
        mkdocs, zensical = (look(page(site, place), place) for site in both)
        if mkdocs != zensical:
            differing.append(f"{place}: {str(mkdocs)[:300]} / {str(zensical)[:300]}")
    return differing


def lead(place: str, tag: Tag) -> str:
    """Where a link or a picture of the page at this place leads."""
    target = str(tag.get("href") or tag.get("src") or "")
    if "://" in target or target.startswith(("#", "/", "data:", "mailto:")):
        return target
    return normpath(join(dirname(place), target))


def read_links(parsed: BeautifulSoup, place: str, selector: str) -> list[tuple[str, str]]:
    """The links that a selector finds: what they say, and where they lead."""
    return [(" ".join(a.get_text().split()), lead(place, a)) for a in parsed.select(selector)]


def test_both_build_the_same_pages(both: tuple[Path, Path]) -> None:
    """No page is missing, and none is there that the other does not know or that is gone."""
    mkdocs, zensical = both
    assert pages(zensical) == pages(mkdocs)
    assert len(pages(zensical)) > 60
    assert (zensical / ".keep").is_file()


def test_both_say_the_same(both: tuple[Path, Path]) -> None:
    """Word for word, on every page, without the signs that link to its headings."""

    def read_words(parsed: BeautifulSoup, place: str) -> str:
        content = parsed.find("article")
        assert isinstance(content, Tag), place
        for tag in content.select(".headerlink, .md-content__button, .md-source-file"):
            tag.decompose()
        return " ".join(content.get_text(" ").split())

    assert compare(both, read_words) == []


def test_both_have_the_same_sidebar_and_tabs(both: tuple[Path, Path]) -> None:
    """Link by link on every page, with the units, milestones, months and notes below them."""

    def read_navigation(parsed: BeautifulSoup, place: str) -> list[list[tuple[str, str]]]:
        links = ("a.md-tabs__link", ".md-nav--primary a.md-nav__link", ".md-nav--secondary a")
        return [read_links(parsed, place, selector) for selector in (*links, ".gw-beside a")]

    assert compare(both, read_navigation) == []
    _, zensical = both
    seen = {
        target
        for place in ("units/attention/softmax.html", "milestones/mine.html", "log/index.html")
        for _, target in read_links(page(zensical, place), place, ".md-nav--primary a")
    }
    seen |= set(
        dict(read_links(page(zensical, "notes/evil.html"), "notes/evil.html", "a")).values()
    )
    wanted = {"units/attention/flash.html", "milestones/shakespeare.html", "log/2026-11.html"}
    assert wanted | {"notes/long.html", "notes/deep/tagged.html", "tags/index.html"} <= seen


def test_both_name_what_the_links_of_the_sidebar_are_about(both: tuple[Path, Path]) -> None:
    """So the style sheet with the states finds them in both."""

    def read_names(parsed: BeautifulSoup, place: str) -> list[str]:
        return [str(tag["data-of"]) for tag in parsed.select("[data-of]")]

    assert compare(both, read_names) == []
    place = "units/attention/softmax.html"
    assert "attention/softmax" in read_names(page(both[1], place), place)


def test_both_have_the_same_links_and_pictures(both: tuple[Path, Path]) -> None:
    """Within each page; Zensical begins its content with a target of its own for skipping to it."""

    def read_content(parsed: BeautifulSoup, place: str) -> list[tuple[str, str]]:
        return read_links(parsed, place, "article a[href], article img")

    assert compare(both, read_content) == []


def test_both_have_the_same_head(both: tuple[Path, Path]) -> None:
    """Title, canonical address, previews and policy are equal; the builder's own files are not."""

    def read_head(parsed: BeautifulSoup, place: str) -> list[Any]:
        own = parsed.head.find_all(["title", "meta", "link"])  # type: ignore[union-attr]
        told = [tag for tag in own if tag.get("name") != "generator"]
        said = ("rel", "content", "name", "property", "http-equiv")
        return [
            (tag.name, tag.get_text(), lead(place, tag), *(tag.get(name) for name in said))
            for tag in told
            if "stylesheets/" not in str(tag.get("href"))
        ]

    assert compare(both, read_head) == []
    _, zensical = both
    (canonical,) = page(zensical, "log/index.html").select("link[rel=canonical]")
    assert canonical["href"] == "https://example.org/llm/log/index.html"
    policy = page(zensical, "notes/diagram.html").find("meta", {"http-equiv": True})
    assert isinstance(policy, Tag) and "object-src 'none'" in str(policy["content"])


def test_both_load_the_same_styles_and_scripts_of_ours(both: tuple[Path, Path]) -> None:
    """In the same order; each builder has a bundle of its own besides."""

    def read_files(parsed: BeautifulSoup, place: str) -> list[str]:
        found = [lead(place, tag) for tag in parsed.select("link[rel=stylesheet], script[src]")]
        return [name for name in found if name.count("/") == 1]

    assert compare(both, read_files) == []
    _, zensical = both
    assert "assets/diagrams.js" in read_files(page(zensical, "notes/diagram.html"), "notes/d")


def test_both_search_the_same(both: tuple[Path, Path]) -> None:
    """The indexes hold the same places, titles and texts."""
    mkdocs = json.loads((both[0] / "search" / "search_index.json").read_text("utf-8"))["docs"]
    zensical = json.loads((both[1] / "search.json").read_text("utf-8"))["items"]
    places = [sorted(item["location"] for item in items) for items in (mkdocs, zensical)]
    assert places[0] == places[1] and len(places[0]) > 500


def test_both_list_the_same_addresses(both: tuple[Path, Path]) -> None:
    """For search engines."""
    maps = [(site / "sitemap.xml").read_text("utf-8") for site in both]
    listed = [set(re.findall("<loc>(.*?)</loc>", text)) for text in maps]
    assert listed[0] == listed[1] and len(listed[0]) > 60


def test_formulas_foldings_pictures_and_share_card_are_there(both: tuple[Path, Path]) -> None:
    """What needs an extension or the template works in both."""
    for site in both:
        softmax = page(site, "units/attention/softmax.html")
        assert len(softmax.find_all("math")) > 5
        assert [d.summary.text for d in softmax.select("details.question")][:1] == ["Hint 1 of 3"]
        (image,) = softmax.find_all("meta", property="og:image")
        assert image["content"] == "https://example.org/llm/assets/share.png"
        assert page(site, "index.html").select("svg.gw-bar rect.gw-passed")
        assert (site / "assets" / "share.png").is_file()


def test_titles_are_words_in_both(both: tuple[Path, Path]) -> None:
    """A heading that would close the title and open a script does neither."""
    for site in both:
        evil = page(site, "notes/evil.html")
        assert evil.title.text.startswith("</title><script>alert(1)</script>")
        assert [s for s in evil.find_all("script") if "alert(" in s.text] == []


@pytest.mark.browser
def test_its_search_opens_a_page_and_nothing_leaves_the_site(
    both: tuple[Path, Path], browser: Browser
) -> None:
    """A word of an exercise's title finds it; page, search and diagram ask one host alone."""
    opened = browser.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    with serve(both[1]) as address:
        opened.goto(f"{address}/notes/diagram.html")
        opened.wait_for_function("document.body.dataset.gwDrawn !== undefined", timeout=60_000)
        opened.goto(f"{address}/index.html")
        opened.locator(".md-search__button").click()
        opened.wait_for_function(f"{DIALOG}?.querySelector('input')", timeout=60_000)
        opened.keyboard.type("rotary", delay=30)
        opened.wait_for_function(f"/Rotary/.test({DIALOG}?.innerHTML)", timeout=60_000)
        opened.keyboard.press("Enter")
        opened.wait_for_url("**/units/**", timeout=60_000)
        assert "otary" in opened.locator("h1").inner_text()
        assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    opened.close()


def read_settings(own: Workspace) -> dict[str, Any]:
    """What is rendered for Zensical."""
    render_all(own)
    found = yaml.safe_load(own.zensical_file.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_any_title_is_the_same_in_the_settings(own: Workspace) -> None:
    """Characters that YAML refuses, quotes, and more than its keys may have."""
    (notes,) = [below["Notes"] for below in read_settings(own)["nav"] if "Notes" in below]
    titles = [title for item in notes if isinstance(item, dict) for title in item]
    assert any(len(title) > 1024 and "\u200d" in title for title in titles)


def test_what_mkdocs_yml_says_comes_first(tmp_path: Path) -> None:
    """An address and a theme of its own stay; tags that only MkDocs knows do no harm."""
    own = site_workspace.lay(tmp_path / "ws")
    text = own.mkdocs_file.read_text("utf-8").replace("grader/site/theme", "mine")
    more = "site_url: https://ada.example/\nextra: {a: !ENV HOME, b: !!python/name:os.sep }\n"
    own.mkdocs_file.write_text(more + text, "utf-8")
    found = read_settings(own)
    assert found["site_url"] == "https://ada.example/"
    assert found["theme"] == {"custom_dir": "../mine"}


def test_an_unreadable_mkdocs_yml_is_named(tmp_path: Path) -> None:
    """With the line, instead of a traceback."""
    own = site_workspace.lay(tmp_path / "ws")
    own.mkdocs_file.write_text("nav: [\n", "utf-8")
    with pytest.raises(GroundworkError, match=r"(?s)^mkdocs\.yml cannot be read: .*line 2"):
        render_all(own)


def test_a_link_to_nothing_fails_the_build(both: tuple[Path, Path], own: Workspace) -> None:
    """As it does with MkDocs: the message names page and line, and has no traceback."""
    place = own.rendered / "map.md"
    before = place.read_text("utf-8")
    try:
        place.write_text(f"{before}\n[gone](nowhere.md)\n", "utf-8")
        with pytest.raises(GroundworkError, match=r"(?s)not exist.*map\.md:\d+") as caught:
            build_with_zensical(own, site=own.root.parent / "broken")
    finally:
        place.write_text(before, "utf-8")
    assert "Traceback" not in str(caught.value)
    assert not (own.root.parent / "broken").exists()


@pytest.mark.browser
def test_axe_finds_nothing_in_it(both: tuple[Path, Path], browser: Browser) -> None:
    """What is its own, such as header and footer, breaks no rule either, light and dark."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    with serve(both[1]) as address:
        for scheme in ("light", "dark"):
            opened = browser.new_page(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            opened.goto(f"{address}/units/attention/softmax.html")
            found = Axe().run(opened, options=rules).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
            opened.close()


def test_the_day_of_the_change_is_the_same_wherever_it_is_said() -> None:
    """In the command's help, on the page of the commands, and where the reasons are."""
    shown = CliRunner().invoke(build_command, ["--help"], terminal_width=200).output
    (day,) = re.findall(r"Zensical becomes the default on (\d{4}-\d\d-\d\d)", shown)
    for page in ("architecture.md", "commands.md"):
        text = (busy_learner.REPO / "docs" / page).read_text("utf-8")
        assert f"becomes the default on {day}" in text
    assert day < "2027-05-05"


def test_without_zensical_the_message_says_how_to_install_it(
    own: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python finds no module of a name that is None."""
    monkeypatch.setitem(sys.modules, "zensical", None)
    with pytest.raises(UsageError, match="python -m pip install --group zensical"):
        build_with_zensical(own)
