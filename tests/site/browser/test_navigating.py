"""Finding one's way in Chromium: marks, drawer, table of contents, filters, a narrow tracker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from busy_learner import lay
from chromium import open_checked_page, serve
from playwright.sync_api import Browser, Locator, Page, expect

from grader.base.paths import Workspace
from grader.services.readings import list_readings, mark_reading
from grader.services.session import Session
from grader.site import build

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
WIDE, MIDDLE = {"width": 1440, "height": 900}, {"width": 1024, "height": 900}
NARROW = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A learner with four exercises begun, one paper read, and dated notes with tags."""
    own = lay(tmp_path_factory.mktemp("navigating") / "ws")
    mark_reading(Session.open(own), "vaswani2017", "done")
    for name, tag in (("one", "maths"), ("two", "maths"), ("three", "torch")):
        text = (
            f"---\ndate: 2026-11-20\ntags: {tag}\n---\n# Note {name}\n\nAbout the Zürich {name}.\n"
        )
        (own.notes / f"{name}.md").write_text(text, "utf-8")
    build(own)
    return own


@pytest.fixture(scope="module")
def site(own: Workspace) -> Iterator[str]:
    """The address at which the site is served."""
    with serve(own.site) as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A wide page that fails the test when a script of it fails."""
    with open_checked_page(browser, base_url=site, viewport=WIDE) as page:
        yield page


def marks(links: Locator) -> list[str]:
    """The mark before each link, without the words for screen readers."""
    content = "all => all.map(a => getComputedStyle(a.querySelector('.md-ellipsis'), '::before')"
    found = links.evaluate_all(f"{content}.content)")
    return [str(mark).partition('"')[2][:1] for mark in found]


# The sidebar and the drawer


def test_the_sidebar_marks_units_and_exercises(page: Page) -> None:
    """With signs to see and words to hear, and a click leads to the next exercise."""
    page.goto("/units/first_words/bigram.html")
    links = page.locator(".md-sidebar--primary a[data-of^='first_words/']")
    assert marks(links) == ["●", "●", "●", "◐"]
    assert marks(page.locator(".md-sidebar--primary a[data-of=tokenizer]")) == ["○"]
    sidebar = page.locator(".md-sidebar--primary")
    expect(sidebar.get_by_role("link", name="not started: Tokenizer")).to_be_visible()
    expect(sidebar.get_by_role("link", name="passed:")).to_have_count(3)
    sidebar.locator(".gw-beside [rel=next]").click()
    expect(page.locator("h1")).to_contain_text("Writing")


@pytest.mark.parametrize("screen", [MIDDLE, NARROW], ids=["1024", "390"])
def test_the_drawer_has_marks_and_leads_on(page: Page, screen: dict[str, int]) -> None:
    """Previous and next are at its foot, in sight, and cover none of its entries."""
    page.set_viewport_size(screen)  # type: ignore[arg-type]
    page.goto("/units/attention/softmax.html")
    page.locator("label.md-header__button[for=__drawer]").click()
    drawer = page.locator(".md-sidebar--primary")
    here = drawer.locator("[data-of='attention/softmax']:visible")
    expect(here).to_be_in_viewport()
    assert marks(here) == ["○"]
    last = drawer.locator("a[data-of='attention/flash']")
    foot = drawer.locator(".gw-beside")
    expect(foot.locator("[rel=prev]")).to_be_in_viewport()
    below, above = foot.bounding_box(), last.bounding_box()
    assert below is not None and above is not None
    assert above["y"] + above["height"] <= below["y"]
    assert below["y"] + below["height"] <= screen["height"]
    foot.locator("[rel=next]").click()
    expect(page.locator("h1")).to_contain_text("Scaled dot-product attention")


# The exercise's page


def test_an_exercise_has_a_table_of_contents_and_folds_the_rest(page: Page) -> None:
    """Every section is in it; it leads to what is folded, and a key opens that."""
    page.goto("/units/first_words/bigram.html")
    contents = page.locator(".md-sidebar--secondary")
    heads = page.locator("article h2").evaluate_all("all => all.map(h => h.id)")
    links = contents.locator("a.md-nav__link").evaluate_all("all => all.map(a => a.hash.slice(1))")
    assert set(heads) <= set(links) and {"contract", "checks", "history", "reference"} <= set(heads)
    contents.get_by_role("link", name="History").click()
    expect(page.locator("#history")).to_be_in_viewport()
    fold = page.locator("#history + details")
    assert fold.get_attribute("open") is None
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold.locator("table")).to_be_visible()


# The filters


def shown(page: Page) -> list[str]:
    """The titles of the entries in sight."""
    return [text.strip() for text in page.locator(".gw-list > li:visible > a").all_inner_texts()]


def test_the_reading_list_is_short_and_filtered_by_unit_and_state(
    page: Page, own: Workspace
) -> None:
    """It says how much is read; a choice opens what it leaves, and undone it is as it was."""
    page.goto("/reading.html")
    count = len(list_readings(Session.open(own)))
    expect(page.locator("article")).to_contain_text(f"1 of {count} read.")
    assert page.evaluate("document.scrollingElement.scrollHeight") < 1500
    assert shown(page) == []
    page.get_by_label("State").select_option("done")
    assert shown(page) == ["Attention Is All You Need"]
    status = page.locator(".gw-filters [role=status]")
    expect(status).to_have_text(f"1 of {count}")
    page.get_by_label("State").select_option("open")
    page.get_by_label("Unit").select_option("Tokenizer")
    found = shown(page)
    assert 0 < len(found) < 30 and "Attention Is All You Need" not in found
    expect(status).to_have_text(f"{len(found)} of {count}")
    page.get_by_label("Unit").select_option("all")
    page.get_by_label("State").select_option("all")
    assert shown(page) == []
    expect(status).to_have_text("")
    assert page.locator("article details:visible").count() == 7


def test_the_keyboard_filters_the_notes(page: Page) -> None:
    """Words, without regard to case and accents, and a tag; headings of empty folders go."""
    page.goto("/notes/index.html")
    every = shown(page)
    page.get_by_label("Find").focus()
    page.keyboard.type("ZURICH")
    assert sorted(shown(page)) == ["Note one", "Note three", "Note two"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.labels[0].textContent").startswith("Tag")
    page.keyboard.press("ArrowDown")
    page.get_by_label("Tag").select_option("#torch")
    assert shown(page) == ["Note three"]
    expect(page.locator(".gw-list > li:visible small").first).to_have_text("20 November 2026")
    page.get_by_label("Tag").select_option("all")
    page.get_by_label("Find").fill("")
    assert shown(page) == every


def test_without_scripts_the_lists_are_whole(browser: Browser, site: str, own: Workspace) -> None:
    """Every reading and note is there, no control that does nothing, and the marks too."""
    with browser.new_context(base_url=site, java_script_enabled=False, viewport=WIDE) as context:
        page = context.new_page()
        page.goto("/reading.html")
        assert page.locator(".gw-list > li").count() == len(list_readings(Session.open(own)))
        assert page.locator(".gw-filters *").count() == 0
        page.locator("details > summary", has_text="Papers").click()
        expect(page.get_by_role("link", name="Attention Is All You Need").last).to_be_visible()
        page.goto("/notes/index.html")
        expect(page.get_by_role("link", name="Note one").last).to_be_visible()
        page.goto("/units/first_words/bigram.html")
        assert marks(page.locator(".md-sidebar--primary a[data-of=first_words]")) == ["◐"]


# Widths


def test_the_tracker_on_a_phone_shows_its_dates(page: Page) -> None:
    """Every cell that says something is within the screen, with the word of its column."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto("/tracker.html")
    row = page.locator("table.gw-sort tbody tr").first
    day = row.locator("td[data-head='First passed']")
    expect(day).to_have_text("13 November 2026")
    before = day.evaluate("e => getComputedStyle(e, '::before').content")
    assert "First passed" in before
    out = page.locator(".gw-table td:visible").evaluate_all(
        "all => all.filter(td => { const b = td.getBoundingClientRect();"
        " return b.left < 0 || b.right > innerWidth; }).map(td => td.textContent)"
    )
    assert out == []
    page.locator("table.gw-sort th", has_text="First passed").get_by_role("button").click()
    expect(page.locator("table.gw-sort th[aria-sort]")).to_contain_text("First passed")
    page.get_by_label("Show").select_option("started")
    assert page.locator("table.gw-sort tbody tr:visible").count() == 1


@pytest.mark.parametrize("name", ["index", "tracker", "map", "objectives", "units/index"])
def test_chips_and_shares_are_whole_at_1024(page: Page, own: Workspace, name: str) -> None:
    """No chip leaves its box or lies on another, no share is parted from its sign by a line."""
    page.set_viewport_size(MIDDLE)  # type: ignore[arg-type]
    page.goto(f"/{name}.html")
    assert page.evaluate(CUT) == []
    assert page.evaluate(PARTED) == []
    tables = page.locator(".gw-scroll").evaluate_all(
        "all => all.map(b => b.scrollWidth - b.clientWidth)"
    )
    assert set(tables) <= {0}


CUT = """(() => {
  const chips = [...document.querySelectorAll("article .gw-state, article .gw-step")]
    .filter((chip) => chip.getClientRects().length);
  const boxes = chips.map((chip) => chip.getBoundingClientRect());
  return chips.filter((chip, n) => {
    const box = boxes[n];
    const around = chip.parentElement.closest("td, li, p, .gw-scroll").getBoundingClientRect();
    const meets = boxes.some((other, m) => m !== n && box.left < other.right - 1
      && other.left < box.right - 1 && box.top < other.bottom - 1 && other.top < box.bottom - 1);
    return meets || box.right > around.right + 1 || box.left < around.left - 1
      || chip.scrollWidth > chip.clientWidth + 1 && getComputedStyle(chip).display !== "inline";
  }).map((chip) => chip.textContent);
})()"""
PARTED = """(() => {
  const found = [], article = document.querySelector("article");
  const walk = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    for (const share of walk.currentNode.data.matchAll(/\\d+\\s%/g)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, share.index);
      range.setEnd(walk.currentNode, share.index + share[0].length);
      if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) found.push(share[0]);
    }
  }
  return found;
})()"""
