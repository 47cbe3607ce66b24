"""The home page in Chromium: fresh, in the middle of the course, and after years."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import serve
from home_learner import reach_milestone, study, study_for_years
from playwright.sync_api import Browser, Page
from site_workspace import lay

from grader.base.paths import Workspace
from grader.services.session import Session
from grader.site import build

SETTINGS = """name = "Ada Lovelace"
profile = "https://github.com/ada"
repository = "https://github.com/ada/llm"
time_zone = "UTC"
"""
BUILT = "Ada Lovelace has built a language model from scratch"
SENTENCES = {
    "fresh": "Ada Lovelace is going to build a language model from scratch",
    "weeks": BUILT,
    "years": BUILT,
}
WIDTHS = (1440, 1024, 390)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sites of three learners are served, each in its folder."""
    folder = tmp_path_factory.mktemp("homes")
    for name in SENTENCES:
        own = lay(folder / f"own-{name}")
        own.settings.parent.mkdir(parents=True, exist_ok=True)
        own.settings.write_text(SETTINGS, "utf-8")
        _study(own, name)
        build(own, site=folder / name)
    with serve(folder) as address:
        yield address


def _study(own: Workspace, name: str) -> None:
    today = Session.open(own).get_today()
    if name == "weeks":
        study(own, today)
    elif name == "years":
        study_for_years(own, today)
    if name != "fresh":
        reach_milestone(own)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a visitor."""
    visitor = browser.new_context(viewport={"width": 1440, "height": 900})
    yield visitor.new_page()
    visitor.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SENTENCES)
def test_axe_finds_nothing_at_any_width(
    browser: Browser, address: str, name: str, scheme: Literal["light", "dark"]
) -> None:
    """No rule is broken, its foldings opened, and nothing makes the page scroll sideways."""
    visitor = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    page, broken = visitor.new_page(), {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{address}/{name}/index.html")
        page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        broken |= {(width, f["id"]): [n["html"][:120] for n in f["nodes"]] for f in found}
        if wide := page.evaluate("document.scrollingElement.scrollWidth - innerWidth"):
            broken[width, "scrolls"] = [str(wide)]
    visitor.close()
    assert broken == {}


@pytest.mark.parametrize("height", [(1440, 900), (1024, 768), (390, 844)])
@pytest.mark.parametrize("name", ["weeks", "years"])
def test_the_first_screen_says_who_what_and_how_far(
    page: Page, address: str, name: str, height: tuple[int, int]
) -> None:
    """Without scrolling one sees the sentence with the name, and how much is passed."""
    page.set_viewport_size({"width": height[0], "height": height[1]})
    page.goto(f"{address}/{name}/index.html")
    heading = page.locator("h1")
    assert SENTENCES[name] in heading.inner_text()
    passed = page.locator(".gw-figures li", has_text="of 3 exercises passed, 66")
    for element in (heading, passed, page.locator(".gw-whole svg")):
        box = element.bounding_box()
        assert box is not None and box["y"] + box["height"] <= height[1], box


def test_the_title_is_the_sentence(page: Page, address: str) -> None:
    """So that a bookmark and a link that is sent say whose work it is."""
    page.goto(f"{address}/weeks/index.html")
    assert page.title().startswith(BUILT)
    shared = page.locator('meta[property="og:title"]').get_attribute("content")
    assert shared == BUILT


def test_a_day_of_the_year_opens_its_page_by_pointer_and_by_key(page: Page, address: str) -> None:
    """A click on its square, or Enter on its number in the table, which opens by key too."""
    page.goto(f"{address}/weeks/index.html")
    square = page.locator(".gw-halves a").last
    day = str(square.get_attribute("href"))
    square.click()
    page.wait_for_url(f"**/{day}")
    page.go_back()
    page.locator(".gw-equal summary").focus()
    page.keyboard.press("Enter")
    page.locator(f'.gw-equal a[href="{day}"]').wait_for()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == day:
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{day}")


def test_the_home_page_is_light(tmp_path: Path) -> None:
    """After years of study the page of every day's link is below 150,000 bytes."""
    own = lay(tmp_path / "ws")
    study_for_years(own, Session.open(own).get_today())
    build(own)
    assert (own.site / "index.html").stat().st_size < 150_000
