"""The pages of the reading list and of the objectives, through MkDocs itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from built_page import page, under, words
from site_workspace import attempt, lay

from grader.base.paths import Workspace
from grader.learner.journal import Journal
from grader.learner.model import Reading
from grader.learner.records import Records, tables
from grader.services.own_reading import About
from grader.services.readings import add_reading, log_reading, mark_reading
from grader.services.session import Session
from grader.site import build, gather
from grader.site.links import LinkResolver
from grader.site.pages.reading import render_pages

pytestmark = pytest.mark.slow

RESOURCES = """resources:
  - {id: book, title: "A [book] of *numbers*", kind: book, url: "https://example.org/a(b)"}
  - {id: norm2016, title: Layer Normalization, kind: paper, url: "https://arxiv.org/abs/1607.06450",
     authors: "Ba, Kiros, Hinton", year: 2016, objectives: [explain]}
  - {id: rope, title: RoFormer, kind: paper, url: "https://arxiv.org/abs/2104.09864"}
"""
EVIL = "<script>alert('x')</script> [a](javascript:alert(1)) *b* `c`"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A learner who reads: one reading in each state, two of their own, and a hostile row."""
    own = lay(tmp_path_factory.mktemp("reading") / "ws")
    own.resources_file.write_text(RESOURCES, "utf-8")
    Records(own.progress).record(attempt(own, "attention/softmax", "2026-11-22"))
    session = Session.open(own)
    mark_reading(session, "norm2016", "next")
    about = About(authors=EVIL, objectives=("explain",))
    mark_reading(
        session, add_reading(session, "https://example.org/tiny", EVIL, about).item.id, "done"
    )
    add_reading(
        session, "https://example.org/later", "Read me later", About(objectives=("explain",))
    )
    log_reading(session, date(2026, 11, 20), "book", "the first chapter")
    Journal(own.log).add(date(2026, 11, 21), "see http://arxiv.org/pdf/1607.06450v1.pdf, again.")
    hostile = tables.open_readings(own.progress)
    rows = json.loads(hostile.path.read_text("utf-8"))
    rows["readings"]["by-hand"] = {
        "state": "inbox",
        "day": "<b>",
        "changed_at": "x",
        "title": "By hand",
        "url": "javascript:alert(1)",
        "kind": "<i>poem</i>",
    }
    hostile.path.write_text(json.dumps(rows), "utf-8")
    build(own)
    return own


def entry(own: Workspace, title: str) -> str:
    """The words of an entry in the whole list."""
    (found,) = [
        words(item)
        for item in page(own, "reading.html").find_all("li")
        if words(item).startswith(title) and item.find(class_="gw-state")
    ]
    return found


def test_the_list_begins_with_the_states(own: Workspace) -> None:
    """Next, what is being read, the inbox, and what is done with its day."""
    reading = page(own, "reading.html")
    heads = [words(head) for head in reading.find_all("h2")]
    assert heads == ["Next", "Being read", "Inbox", "Done", "The whole list"]
    assert under(reading, "Next") == "Layer Normalization , Ba, Kiros, Hinton, 2016"
    assert under(reading, "Being read") == "A [book] of *numbers*"
    assert "Read me later own" in under(reading, "Inbox")
    assert under(reading, "Done").endswith("own , " + day(own))


def day(own: Workspace) -> str:
    """Today in the words of the pages."""
    from grader.site.formatting import format_day

    return format_day(Session.open(own).get_today().isoformat())


def test_the_whole_list_says_what_each_is_for(own: Workspace) -> None:
    """By kind, with the state by sign and word, the exercises, and the days of the log."""
    reading = page(own, "reading.html")
    assert [words(fold) for fold in reading.select("details > summary")] == [
        *("Papers 0 of 2 read", "Books 0 of 1 read", "Articles 1 of 2 read"),
        "<i>poem</i> 0 of 1 read",
    ]
    book = entry(own, "A [book]")
    assert book.endswith("◐ reading For Softmax . In the log: 20 November 2026")
    assert entry(own, "RoFormer") == "RoFormer ○ open"
    log = "▷ next In the log: 21 November 2026"
    assert entry(own, "Layer Normalization").endswith(log)
    links = {a["href"] for a in reading.find_all("a") if words(a) == "21 November 2026"}
    assert links == {"log/2026-11-21.html"}


def test_the_page_says_how_much_is_read_and_folds_the_rest(own: Workspace) -> None:
    """Each kind is closed at first; its entries carry the unit and the state they are chosen by."""
    reading = page(own, "reading.html")
    assert words(reading).startswith("Reading 1 of 6 read. The readings")
    assert not reading.select("details[open]")
    assert reading.select_one(".gw-filters")["data-facets"] == (
        '[["Unit", ["Attention", "no unit"]], '
        '["State", ["done", "reading", "next", "inbox", "open"]]]'
    )
    marks = {words(li.a): li["data-facets"] for li in reading.select(".gw-list > li") if li.a}
    assert marks["A [book] of *numbers*"] == "0|1"
    assert marks["RoFormer"] == "1|4"
    assert marks["Layer Normalization"] == "1|2"


def test_an_exercise_shows_the_state_of_its_reading(own: Workspace) -> None:
    """Beside the reading, by sign and word."""
    softmax = page(own, "units/attention/softmax.html")
    assert under(softmax, "Reading") == "A [book] of *numbers* ◐ reading"


def test_hostile_titles_and_addresses_are_words(own: Workspace) -> None:
    """No tag, no emphasis and no script comes of them, and no link of what is no address."""
    for name in ("reading.html", "objectives/explain.html"):
        content = page(own, name)
        assert "<script>alert('x')</script> [a](javascript:alert(1)) *b* `c`" in words(content)
        assert content.find("script") is None
        assert not [a for a in content.find_all("a") if "javascript" in a.get("href", "")]
    assert "By hand own" in under(page(own, "reading.html"), "Inbox")


def test_an_objective_says_how_far_it_is(own: Workspace) -> None:
    """One of one exercise of 70 and 3/2 of 3 readings of 15: 77.5 of 85 is 91 percent."""
    overview = page(own, "objectives.html")
    told = under(overview, "Explain how it works.")
    assert told == "91 % of its evidence 1 of 1 exercise passed, 1 of 3 readings done. What counts"
    bar = overview.select("svg[role=img]")[0]
    assert bar["aria-label"] == "Explain how it works. 91 % of its evidence"
    assert bar.select("rect")[1]["width"] == "91.18"
    assert "No exercise, reading or card counts towards it yet." in under(
        overview, "Something for later."
    )
    assert "Exercises weigh 70 of 100, readings 15 and cards 15" in words(overview)


def test_what_is_behind_an_objective_is_listed(own: Workspace) -> None:
    """Exercises and readings, each with its state; those of the learner's own are marked."""
    explain = page(own, "objectives/explain.html")
    assert under(explain, "Exercises") == "Softmax ● passed"
    readings = under(explain, "Readings")
    assert "A [book] of *numbers* ◐ reading" in readings
    assert "Read me later own ◇ inbox" in readings
    assert "RoFormer" not in readings
    assert explain.find("a", href="../units/attention/softmax.html")


def test_home_has_the_objectives_in_short(own: Workspace) -> None:
    """Each with its share and a link to what is behind it."""
    home = page(own, "index.html")
    told = under(home, "Objectives")
    assert "Explain how it works. 91 % of its evidence, 1 of 1 exercise passed" in told
    assert "Something for later. nothing counts yet" in told
    assert home.find("a", href="objectives/explain.html")


def test_without_records_everything_is_open(tmp_path: Path) -> None:
    """A fresh clone has the whole list and no states."""
    fresh = lay(tmp_path / "ws")
    build(fresh)
    reading = page(fresh, "reading.html")
    assert [words(head) for head in reading.find_all("h2")] == ["The whole list"]
    assert "A [book] of *numbers* ○ open For Softmax" in words(reading)
    assert "0 % of its evidence" in words(page(fresh, "objectives.html"))


def test_a_long_past_is_cut_where_it_comes_first(tmp_path: Path) -> None:
    """Of what is done the latest twenty are shown first; the whole list has all of them."""
    fresh = lay(tmp_path / "ws")
    rows = {
        f"own-{n:02}": Reading(
            *("done", f"2026-01-{n:02}", f"2026-01-{n:02}T10:00:00+00:00", f"Book {n:02}"),
            f"https://example.org/{n}",
            "book",
        )
        for n in range(1, 24)
    }
    tables.open_readings(fresh.progress).put(rows)
    site = gather(fresh)
    first, _, whole = render_pages(site, LinkResolver(site))["reading.md"].partition(
        "## The whole list"
    )
    assert first.index("Book 23") < first.index("Book 04")
    assert "Book 03" not in first and "And 3 more." in first
    assert whole.count("Book ") == 23
