"""A learner's site in Chromium: clicks and keys through map, tracker, search and themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chromium import open_checked_page, serve
from playwright.sync_api import Browser, Locator, Page, expect
from studied_course import studied

from grader.base.paths import Workspace
from grader.course.loader.loading import load
from grader.course.model import Exercise
from grader.learner.states import EXERCISES
from grader.services.session import Session
from grader.site import build

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace of a learner who has passed 18 exercises, its site built."""
    own = studied(tmp_path_factory.mktemp("clicking") / "ws")
    build(own)
    return own


@pytest.fixture(scope="module")
def site(own: Workspace) -> Iterator[str]:
    """The address at which the site is served."""
    with serve(own.site) as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A wide, light page that fails the test when a script of it fails."""
    with open_checked_page(browser, base_url=site, viewport=WIDE, color_scheme="light") as page:
        yield page


def column(page: Page, number: int) -> list[str]:
    """The visible cells of one column of the tracker's table of all exercises."""
    cells = page.locator(f"table.gw-sort tbody tr:visible td:nth-child({number})")
    return [" ".join(text.split()) for text in cells.all_inner_texts()]


def head(page: Page, name: str) -> Locator:
    """The head of one column."""
    return page.locator("table.gw-sort th", has_text=name)


# The tracker


def test_a_click_sorts_the_tracker(page: Page, own: Workspace) -> None:
    """Up, down, and with the third click back to the course's order; the head says which."""
    page.goto("/tracker.html")
    titles = [exercise.title for exercise in load(own).iterate_exercises()]
    assert column(page, 1) == titles
    assert column(page, 8)[0] == "1" and column(page, 8)[-1] == "optional"
    attempts = head(page, "Attempts")
    attempts.get_by_role("button").click()
    expect(attempts).to_have_attribute("aria-sort", "ascending")
    counts = [int(text) for text in column(page, 3)]
    assert counts == sorted(counts)
    attempts.get_by_role("button").click()
    expect(attempts).to_have_attribute("aria-sort", "descending")
    assert [int(text) for text in column(page, 3)] == sorted(counts, reverse=True)
    attempts.get_by_role("button").click()
    assert attempts.get_attribute("aria-sort") is None
    assert column(page, 1) == titles


def test_keys_sort_the_tracker(page: Page) -> None:
    """Tab leads from head to head, Enter and Space sort, and the focus stays in sight."""
    page.goto("/tracker.html")
    head(page, "Exercise").get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(head(page, "Exercise")).to_have_attribute("aria-sort", "ascending")
    assert column(page, 1) == sorted(column(page, 1), key=str.casefold)
    page.keyboard.press("Tab")
    focused = page.locator("table.gw-sort th button:focus-visible")
    expect(focused).to_have_text("Status")
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Space")
    expect(head(page, "Status")).to_have_attribute("aria-sort", "ascending")
    assert head(page, "Exercise").get_attribute("aria-sort") is None


def test_what_is_unknown_stays_below(page: Page) -> None:
    """Days sort as days, spans as spans, and dashes come last in both directions."""
    page.goto("/tracker.html")
    for name, number in (("First passed", 4), ("Time to pass", 5)):
        for _ in range(2):
            head(page, name).get_by_role("button").click()
            cells = column(page, number)
            known = [cell for cell in cells if cell != "–"]
            assert cells == known + ["–"] * (len(cells) - len(known))
            assert len(known) == 18
    assert known[-1] == "first try"
    assert known[0].endswith("days")


def test_one_state_can_be_shown(page: Page) -> None:
    """Choosing a state hides the other rows, says how many are left, and keeps the order."""
    page.goto("/tracker.html")
    every = len(column(page, 1))
    page.get_by_label("Show").select_option("started")
    assert column(page, 2) == ["◐ started"] * 2
    expect(page.get_by_role("status").filter(has_text="of")).to_have_text(f"2 of {every}")
    page.get_by_label("Show").select_option("all")
    assert len(column(page, 1)) == every


def test_without_scripts_the_tracker_is_a_table(
    browser: Browser, site: str, own: Workspace
) -> None:
    """In course order, without a button that does nothing."""
    with browser.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/tracker.html")
        titles = [exercise.title for exercise in load(own).iterate_exercises()]
        assert column(page, 1) == titles
        assert page.locator("table.gw-sort button, .gw-filter").count() == 0


# The map


def test_a_click_on_the_map_opens_the_exercise(page: Page, own: Workspace) -> None:
    """The box of an exercise leads to its page, the title of a unit to the unit's."""
    page.goto("/map.html")
    following = Session.open(own).read_progress().next
    title = load(own).find_exercise(following or "").title
    page.locator(f'svg a[aria-label="{title}: started, next"]').click()
    expect(page.locator("h1")).to_contain_text(title)
    page.goto("/map.html")
    page.locator("svg a", has_text="Embeddings").first.click()
    expect(page.locator("h1")).to_contain_text("Embeddings")


def test_keys_go_through_the_map(page: Page) -> None:
    """Tab goes from box to box of a unit, the focus can be seen, Enter opens."""
    page.goto("/map.html")
    page.locator("svg a[aria-label^='UTF-8 bytes']").focus()
    page.keyboard.press("Tab")
    box = page.locator("svg a:focus-visible")
    expect(box).to_have_attribute("aria-label", "GPT-2's pre-tokenization: not started")
    width = "e => parseFloat(getComputedStyle(e).strokeWidth)"
    other = page.locator("svg a[aria-label^='UTF-8 bytes'] rect")
    assert box.locator("rect").evaluate(width) >= other.evaluate(width) + 2
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("GPT-2's pre-tokenization")


def test_the_map_leads_along_the_main_path(page: Page, own: Workspace) -> None:
    """Its exercises are links in the order of the path, with their states, and one is next."""
    page.goto("/map.html")
    course, progress = load(own), Session.open(own).read_progress()
    steps = [step for step in course.path if isinstance(step, Exercise)]
    shown = page.locator(".gw-step").evaluate_all("all => all.map(a => a.ariaLabel)")
    assert shown == [
        f"{step.title}: {EXERCISES[progress.states[step.id]].word}"
        + ", next" * (step.id == progress.next)
        for step in steps
    ]
    page.locator(".gw-step[aria-current=step]").click()
    expect(page.locator("h1")).to_contain_text(course.find_exercise(progress.next or "").title)
    page.locator(".gw-neighbours [rel=prev]").click()
    expect(page.locator("h1")).to_contain_text(steps[17].title)


def test_every_exercise_is_on_the_map_and_in_the_list(page: Page, own: Workspace) -> None:
    """The same exercises with the same states, in the pictures and below them."""
    page.goto("/map.html")
    pictured = page.locator(".gw-box:not(.gw-elsewhere) a").evaluate_all(
        "boxes => boxes.map(b => [b.href.baseVal, b.querySelector('.gw-word').textContent])"
    )
    listed = page.locator(".gw-map + ul ul > li").evaluate_all(
        "rows => rows.map(r => [r.querySelector('a').getAttribute('href'),"
        " r.querySelector('.gw-state').textContent])"
    )
    assert len(listed) == len(list(load(own).iterate_exercises()))
    assert sorted([link, word.replace(" · next", "")] for link, word in pictured) == sorted(listed)


def test_the_map_is_whole_on_a_desk_and_a_list_on_a_phone(page: Page) -> None:
    """At 1280 and 1024 pixels no picture scrolls sideways, and at 390 there is the list instead.

    No words of a picture become smaller than 10 pixels, and none leave their box.
    """
    page.goto("/map.html")
    inside = "boxes => boxes.map(b => b.scrollWidth - b.clientWidth)"
    for width in (1280, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        assert set(page.locator(".gw-map .gw-scroll").evaluate_all(inside)) == {0}, width
        smallest = page.locator(".gw-map svg").evaluate_all(
            "all => Math.min(...all.map(s => 11 * s.getBoundingClientRect().width"
            " / s.viewBox.baseVal.width))"
        )
        assert smallest >= 10, width
    out = page.locator(".gw-box a").evaluate_all(
        "all => all.filter(a => { const box = a.querySelector('rect').getBoundingClientRect();"
        " return [...a.querySelectorAll('text')].some(t => t.getBoundingClientRect().right"
        " > box.right); }).map(a => a.ariaLabel)"
    )
    assert out == []
    page.set_viewport_size(NARROW)
    expect(page.locator(".gw-map").first).to_be_hidden()
    expect(page.locator(".gw-map + ul").first).to_be_visible()
    page.locator(".gw-map + ul").get_by_role("link", name="Softmax").first.click()
    expect(page.locator("h1")).to_contain_text("Softmax")


# The rest of the site


def test_formulas_are_drawn_with_the_font_of_the_site(page: Page) -> None:
    """Every glyph comes from the font that the site brings, even where the machine has another."""
    page.goto("/units/model/load_gpt2.html")
    page.evaluate("document.fonts.ready.then(() => null)")
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    top = tools.send("DOM.getDocument")["root"]["nodeId"]
    formulas = tools.send("DOM.querySelectorAll", {"nodeId": top, "selector": "math"})["nodeIds"]
    assert len(formulas) > 10
    used = [tools.send("CSS.getPlatformFontsForNode", {"nodeId": one})["fonts"] for one in formulas]
    assert {(f["familyName"], f["isCustomFont"]) for fonts in used for f in fonts} == {
        ("STIX Two Math", True)
    }


def test_code_stands_side_by_side_on_a_desk(page: Page) -> None:
    """The reference and the learner's code are beside each other, on a phone below."""
    page.goto("/units/attention/softmax.html")
    contents = page.locator(".md-sidebar--secondary")
    expect(contents).to_be_visible()
    page.locator("summary", has=page.get_by_text("Without docstrings")).click()
    expect(contents).to_be_hidden()  # its place is the code's while that is open
    first, second = page.locator(".gw-pair figure").all()
    left, right = first.bounding_box(), second.bounding_box()
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]
    page.set_viewport_size(NARROW)
    above, below = first.bounding_box(), second.bounding_box()
    assert above["x"] == below["x"]
    assert above["y"] + above["height"] <= below["y"]


def test_search_finds_a_lesson_and_no_reference(page: Page) -> None:
    """A word of a lesson leads to its page; the code shown after a pass is not indexed."""
    page.goto("/index.html")
    box = page.locator("[data-md-component='search-query']")
    box.fill("Rotary")
    results = page.locator(".md-search-result__item a")
    results.filter(has_text="Rotary positions").first.click()
    page.wait_for_url("**/rope.html**")
    index = page.request.get("/search/search_index.json").text()
    assert "Rotary positions" in index
    assert "scores.amax(" not in index


def test_the_theme_is_switched_and_kept(page: Page) -> None:
    """One click makes the page dark, and so is the next one."""
    page.goto("/index.html")
    body = page.locator("body")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    page.get_by_title("Switch to dark").click()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.goto("/tracker.html")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")


def test_hints_fold_open(page: Page) -> None:
    """A hint is hidden until it is asked for, by click or by key."""
    page.goto("/units/attention/softmax.html")
    hint = page.locator("details.question").first
    expect(hint.locator("p").last).to_be_hidden()
    hint.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(hint.locator("p").last).to_be_visible()
