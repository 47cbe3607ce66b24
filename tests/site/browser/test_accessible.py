"""Every kind of page for everybody: axe-core, the keyboard, three widths, two themes, one host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import busy_learner
import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import serve
from playwright.sync_api import Browser, Page

from grader.cli.commands.export import read_facts
from grader.services.session import Session
from grader.site import build
from grader.site.share import render_report

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOUR = ["color-contrast", "link-in-text-block"]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MIDDLE = {"width": 1024, "height": 800}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site of a learner, and their report beside it."""
    folder = tmp_path_factory.mktemp("accessible")
    own = busy_learner.lay(folder / "ws")
    home = build(own, site=folder / "llm")
    (home.parent / "report.html").write_text(render_report(read_facts(Session.open(own))), "utf-8")
    return home.parent


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    with serve(site.parent) as address:
        yield f"{address}/llm"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a visitor who has not been here before."""
    visitor = browser.new_context(viewport=WIDE)
    yield visitor.new_page()
    visitor.close()


def kinds(site: Path) -> list[str]:
    """The fullest page of each kind: every one at the top and of the notes, one of the others."""
    found: dict[tuple[str, ...], list[Path]] = {}
    for path in sorted(site.rglob("*.html")):
        folder, *rest = path.relative_to(site).parts
        index = path.name == "index.html"
        graded = 'id="history"' in path.read_text("utf-8")
        name = path.name[:5] if folder in ("log", "notes") else ""
        kind = (folder, str(index), name, str(len(rest)), str(graded))
        found.setdefault(kind, []).append(path)
    fullest = [max(paths, key=lambda path: path.stat().st_size) for paths in found.values()]
    return [path.relative_to(site).as_posix() for path in fullest]


def faults(page: Page, rules: object = RULES) -> dict[str, list[str]]:
    """What axe-core finds on the page, its foldings opened: for each rule the elements."""
    page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return {
        fault["id"]: [f"{node['target']} {node['html'][:120]}" for node in fault["nodes"]]
        for fault in found
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    browser: Browser, address: str, site: Path, scheme: Literal["light", "dark"]
) -> None:
    """On each kind of page, at each of three widths, no rule of WCAG 2 at level A or AA is broken.

    In the dark only the rules about colour can find what they did not find in the light.
    """
    visitor = browser.new_context(viewport=WIDE, color_scheme=scheme, reduced_motion="reduce")
    page, broken = visitor.new_page(), {}
    rules = RULES if scheme == "light" else {"type": "rule", "values": COLOUR}
    for place in kinds(site):
        page.goto(f"{address}/{place}")
        for screen in (WIDE, MIDDLE, NARROW):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            if found := faults(page, rules):
                broken[place, screen["width"]] = found
    visitor.close()
    assert broken == {}


def test_the_look_finds_faults(page: Page, address: str) -> None:
    """A picture without words and grey words on grey are found, so that silence means something."""
    page.goto(f"{address}/index.html")
    page.evaluate(
        """document.querySelector("article").insertAdjacentHTML("beforeend",
        '<img src="assets/share.png"><p style="color:#999;background:#aaa">faint</p>')"""
    )
    assert {"image-alt", "color-contrast"} <= set(faults(page))


@pytest.mark.parametrize("screen", [MIDDLE, NARROW], ids=["1024", "390"])
def test_no_page_scrolls_sideways(
    page: Page, address: str, site: Path, screen: dict[str, int]
) -> None:
    """What is wide scrolls by itself, and takes the keyboard to do so."""
    page.set_viewport_size(screen)  # type: ignore[arg-type]
    wide = {}
    for place in kinds(site):
        page.goto(f"{address}/{place}")
        wide[place] = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert {place: by for place, by in wide.items() if by > 0} == {}


def test_no_request_leaves_the_site(page: Page, address: str, site: Path) -> None:
    """A walk through every page, with a search and the other theme, asks one host alone."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    for path in sorted(site.rglob("*.html")):
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
    page.goto(f"{address}/index.html")
    page.keyboard.press("/")
    page.keyboard.type("softmax")
    page.locator(".md-search-result__link").first.wait_for()
    assert asked == {urlsplit(address).netloc}


# The keyboard


def focused(page: Page) -> str:
    """The element that has the keyboard: its name, and what it says."""
    return str(
        page.evaluate(
            """(() => {const e = document.activeElement;
            return [e.tagName, e.className, e.getAttribute("aria-label") || "",
            e.textContent.trim().slice(0, 40)].join(" ")})()"""
        )
    )


def walk(page: Page, steps: int) -> list[str]:
    """What the Tab key reaches, in its order."""
    reached = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        reached.append(focused(page))
    return reached


def test_the_first_tab_offers_to_skip_to_the_content(page: Page, address: str) -> None:
    """Enter on it leads past the navigation."""
    page.goto(f"{address}/units/attention/softmax.html")
    (first,) = walk(page, 1)
    assert "md-skip" in first
    assert page.locator(".md-skip").is_visible()
    page.keyboard.press("Enter")
    assert urlsplit(page.url).fragment
    (inside,) = walk(page, 1)
    assert page.evaluate("document.activeElement.closest('article') !== null"), inside


def test_the_tab_key_reaches_navigation_search_and_theme(page: Page, address: str) -> None:
    """Each stop is in sight, and none is a trap."""
    page.goto(f"{address}/tracker.html")
    reached = walk(page, 30)
    stops = ("md-skip", "Switch to dark", "md-search__input", "md-tabs__link", "headerlink")
    places = [next((n for n, said in enumerate(reached) if stop in said), -1) for stop in stops]
    assert -1 not in places and places == sorted(places), reached
    assert len(set(reached)) > 20


# What is clicked


def scheme(page: Page) -> str:
    """The colour scheme in force."""
    return str(page.evaluate("document.body.getAttribute('data-md-color-scheme')"))


@pytest.mark.parametrize("way", ["click", "Enter"])
def test_the_theme_switch_switches_and_is_remembered(page: Page, address: str, way: str) -> None:
    """One click or key turns dark, and the next page is dark too."""
    page.goto(f"{address}/index.html")
    assert scheme(page) == "default"
    if way == "click":
        page.get_by_title("Switch to dark").click()
    else:
        page.get_by_label("Switch to dark").first.focus()
        page.keyboard.press(way)
    assert scheme(page) == "slate"
    page.goto(f"{address}/tracker.html")
    assert scheme(page) == "slate"
    page.get_by_title("Switch to light").click()
    assert scheme(page) == "default"


def test_the_search_finds_an_exercise_and_opens_it(page: Page, address: str) -> None:
    """A word of its title is enough."""
    page.goto(f"{address}/index.html")
    page.locator(".md-search__input").click()
    page.keyboard.type("rotary", delay=30)
    found = page.locator(".md-search-result__link").first
    found.wait_for()
    found.click()
    page.wait_for_url("**/units/**")
    assert "otary" in page.locator("h1").inner_text()


@pytest.mark.parametrize("way", ["click", "Enter", "Space"])
def test_a_folded_hint_opens_by_click_and_key(page: Page, address: str, way: str) -> None:
    """It is closed at first, and its text is seen once it is open."""
    page.goto(f"{address}/units/attention/softmax.html")
    hint = page.locator("details.question").first
    assert not hint.locator("p").last.is_visible()
    summary = hint.locator("summary")
    if way == "click":
        summary.click()
    else:
        summary.focus()
        page.keyboard.press(way)
    assert hint.locator("p").last.is_visible()


@pytest.mark.parametrize("way", ["click", "Enter"])
def test_a_folded_card_opens_by_click_and_key(page: Page, address: str, way: str) -> None:
    """The question is seen, the answer only once the card is open."""
    page.goto(f"{address}/cards.html")
    card = page.locator("details.gw-card").first
    summary = card.locator("summary")
    assert summary.is_visible() and card.get_attribute("open") is None
    if way == "click":
        summary.click()
    else:
        summary.focus()
        page.keyboard.press(way)
    assert card.get_attribute("open") is not None
    assert card.locator(":scope > *").last.is_visible()
