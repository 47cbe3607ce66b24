"""The hostile corpus in a real Chromium: the site is built once, and every page of it is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from chromium import serve
from hostile_workspace import lay
from playwright.sync_api import Browser

from grader.site import build

pytestmark = pytest.mark.browser

MARKER = "window.hits = []; window.hit = (...words) => { window.hits.push(words.join()); };"
LOOK = """() => {
  const wrong = [];
  for (const element of document.querySelectorAll("*")) {
    for (const {name, value} of element.attributes) {
      if (name.startsWith("on")) wrong.push(`${element.tagName} ${name}=${value}`);
      const bare = value.replace(/[\\t\\n\\r]/g, "").trimStart().toLowerCase();
      const acts = /^((javascript|vbscript|blob|file):|data:text)/.test(bare);
      if (acts && /href|src|action/.test(name))
        wrong.push(`${element.tagName} ${name}=${value}`);
    }
  }
  const own = document.querySelector("article") || document.body;
  const kinds = "script, style, iframe, frame, object, embed, applet, form, base, meta, link, " +
    "video, audio, template, dialog, foreignObject, animate, use, marquee, button";
  for (const element of own.querySelectorAll(kinds))
    if (!element.closest(".md-clipboard, .md-code__nav, form.gw-own, table.gw-sort"))
      wrong.push(`${element.outerHTML.slice(0, 80)}`);
  for (const element of own.querySelectorAll("*"))
    if (["fixed", "sticky"].includes(getComputedStyle(element).position)
        && !element.closest("table.gw-sort"))
      wrong.push(`${element.outerHTML.slice(0, 80)} covers the page`);
  const wide = document.scrollingElement.scrollWidth - window.innerWidth;
  return {wrong, wide, hits: window.hits, title: document.title, words: own.innerText.length};
}"""


BAD = (
    "<article><a href='java\tscript:hit()'>x</a><img src=x onerror=hit()><iframe srcdoc=x></iframe>"
    "<p style='position:fixed'>x</p><object></object><form></form></article>"
)


@dataclass
class Seen:
    """What a browser met on all pages."""

    origin: str
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    control: dict[str, Any] = field(default_factory=dict)
    """What is seen on a page that does hold what none of the site's may hold."""


@pytest.fixture(scope="module")
def seen(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Every page of the corpus's site, opened one after another; then a search."""
    site = build(lay(tmp_path_factory.mktemp("hostile") / "ws")).parent
    with serve(site) as address:
        met = Seen(f"{address}/")
        _open_all(browser, site, met)
    return met


def _open_all(browser: Browser, site: Path, met: Seen) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    context.add_init_script(MARKER)
    context.on("request", lambda request: met.requests.append(request.url))
    page = context.new_page()
    page.on("popup", lambda other: met.opened.append(other.url))
    page.on("dialog", lambda dialog: (met.dialogs.append(dialog.message), dialog.dismiss()))
    # Each page would read the index of the search again, which takes longer than the page itself;
    # what the search shows is looked at once, below.
    context.route("**/search_index.json", lambda route: route.abort())
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        page.goto(met.origin + _quoted(name), wait_until="load")
        met.pages[name] = page.evaluate(LOOK) | {"address": page.url}
    for path in sorted(site.rglob("*.svg")):
        if "assets" not in path.parts:
            page.goto(met.origin + _quoted(path.relative_to(site).as_posix()))
            met.pages[path.name] = {"wrong": [], "wide": 0, "words": 1}
            met.pages[path.name]["hits"] = page.evaluate("window.hits")
    context.unroute("**/search_index.json")
    _search(page, met)
    page.set_content(BAD)
    page.wait_for_function("window.hits.length > 0")
    met.control = page.evaluate(LOOK)


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


def _search(page: Any, met: Seen) -> None:
    """Look for the marker in the site's own search, whose results show what the pages say."""
    page.goto(met.origin + "index.html")
    page.click("label.md-header__button[for=__search]")
    page.locator(".md-search__input").press_sequentially("onerror")
    page.wait_for_selector(".md-search-result__item", state="attached", timeout=30_000)
    met.found = page.evaluate(LOOK) | {"count": page.locator(".md-search-result__item").count()}


def test_the_eyes_are_open(seen: Seen) -> None:
    """On a page that holds a link, a handler, frames, an overlay and a form, all show."""
    assert seen.control["hits"] == [""]
    assert len(seen.control["wrong"]) == 6


def test_no_page_calls_the_marker(seen: Seen) -> None:
    """No script of the corpus runs on any page, and no page opens a dialog or a window."""
    assert len(seen.pages) > 200
    assert {name: page["hits"] for name, page in seen.pages.items() if page["hits"]} == {}
    assert seen.dialogs == []
    assert seen.opened == []


def test_no_request_leaves_the_origin(seen: Seen) -> None:
    """Every request goes to the site's own server, pictures within a page apart."""
    away = {url[:100] for url in seen.requests if not url.startswith(seen.origin)}
    assert {url for url in away if not url.startswith("data:image/")} == set()
    assert len(seen.requests) > len(seen.pages)


def test_no_page_leads_away(seen: Seen) -> None:
    """No page sends the browser to another one."""
    moved = {
        name: page["address"]
        for name, page in seen.pages.items()
        if "address" in page and page["address"] != seen.origin + _quoted(name)
    }
    assert moved == {}


def test_nothing_that_acts_is_in_any_document(seen: Seen) -> None:
    """No handler, script link, frame or form of the corpus is there; nothing covers a page."""
    assert {name: page["wrong"] for name, page in seen.pages.items() if page["wrong"]} == {}
    assert all(page["words"] for page in seen.pages.values())


def test_no_page_is_wider_than_a_phone(seen: Seen) -> None:
    """Whatever a learner writes scrolls in its own box at 390 pixels."""
    assert {name: page["wide"] for name, page in seen.pages.items() if page["wide"] > 0} == {}


def test_the_search_shows_words(seen: Seen) -> None:
    """The search finds the pieces and shows them as words."""
    assert seen.found["count"] > 5
    assert seen.found["hits"] == []
    assert seen.found["wrong"] == []
