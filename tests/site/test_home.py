"""The home page: whose it is and how far they are, as the records say, added up by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from built_page import words
from home_learner import EVIL, RUN, TODAY, study
from markdown import Markdown
from site_workspace import MAIN_PATH, attempt, lay

from grader.learner.records import Records
from grader.learner.records.tables import open_milestones
from grader.services.site_owner import SiteOwner
from grader.site.gather import gather
from grader.site.render import build_files
from grader.site.site_data import SiteData

ADA = SiteOwner("Ada", "https://github.com/ada", "https://github.com/ada/llm")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SiteData:
    """What a learner has done in a course with a milestone."""
    own = lay(tmp_path_factory.mktemp("home") / "ws")
    with own.course_file.open("a", encoding="utf-8") as file:
        file.write(MAIN_PATH)
    study(own)
    return replace(gather(own), today=TODAY, owner=ADA)


def home(site: SiteData) -> BeautifulSoup:
    """The home page as HTML."""
    text = build_files(site)["index.md"]
    assert isinstance(text, str)
    html = Markdown(extensions=["tables"]).convert(text.partition("---\n\n")[2])
    return BeautifulSoup(html, "html.parser")


def test_the_figures_are_those_of_the_records(site: SiteData) -> None:
    """Passed, hours, days in a row and mistakes, as one adds them up from what was recorded."""
    page = home(site)
    found = [(words(item), item.a["href"]) for item in page.select(".gw-figures li")]
    assert found == [
        ("2 of 3 exercises passed, 66 %", "tracker.html"),
        ("2.2 hours of study since 1 October 2026", "pace.html"),
        ("3 days in a row; 4 in the longest", "log/index.html"),
        ("2 of 3 mistakes fixed", "mistakes.html"),
    ]
    assert "7 days of study in the last 53 weeks, 3 of them in the last 30 days." in words(page)
    bar = page.select_one(".gw-whole svg")
    assert bar is not None and bar["aria-label"] == "2 of 3 passed, 1 started"


def test_the_figures_are_those_of_the_other_pages(site: SiteData) -> None:
    """The pace has the same hours, the list of mistakes the same sums."""
    pages = build_files(site)
    assert "<strong>2.2</strong> hours in all" in str(pages["pace.md"])
    assert "3 mistakes made, 2 fixed" in str(pages["mistakes.md"])


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ({}, "Ada is building a language model from scratch"),
        ({"attention/softmax": "stale"}, "Ada is building a language model from scratch"),
        ({"numbers/triple": "stale"}, "Ada has built a language model from scratch"),
    ],
)
def test_the_heading_says_whose_work_it_is(
    site: SiteData, states: dict[str, str], sentence: str
) -> None:
    """The name and one sentence; what is passed in the whole course is built."""
    course = site.course._replace(path=())
    progress = site.progress._replace(states=site.progress.states | states, milestones=())
    page = home(replace(site, course=course, progress=progress))
    assert page.h1 is not None and words(page.h1) == sentence


def test_without_a_name_the_sentence_needs_none(site: SiteData) -> None:
    """No name and no address: the page says what it is, and has no empty places."""
    page = home(replace(site, owner=SiteOwner()))
    assert page.h1 is not None and words(page.h1) == "A language model, built from scratch"
    assert page.select(".gw-links") == []


def test_a_fresh_page_is_the_learners_too(tmp_path: Path) -> None:
    """Before the first attempt it has name and links, and says what comes first."""
    page = home(replace(gather(lay(tmp_path / "ws")), owner=ADA))
    assert page.h1 is not None
    assert words(page.h1) == "Ada is going to build a language model from scratch"
    assert page.h2 is not None and words(page.h2) == "First step: Softmax"
    assert page.select_one('.gw-links a[href="https://github.com/ada/llm"]')


def test_links_lead_to_repository_and_profile(site: SiteData) -> None:
    """Each says where it leads, and the profile that it is the same person's."""
    links = home(site).select(".gw-links a")
    assert [(words(a), a["href"], a.get("rel")) for a in links] == [
        ("github.com/ada/llm", "https://github.com/ada/llm", None),
        ("github.com/ada", "https://github.com/ada", ["me"]),
    ]


def test_only_the_owner_reads_where_the_name_is_set(site: SiteData) -> None:
    """A served page says so until the settings have a name; a published one never does."""
    assert home(site).select(".gw-hint") == []
    assert len(home(replace(site, is_preview=True)).select(".gw-hint")) == 1
    named = replace(site, is_preview=True, settings=replace(site.settings, name="Ada"))
    assert home(named).select(".gw-hint") == []


def test_a_milestone_shows_what_the_model_wrote_and_its_loss(site: SiteData) -> None:
    """The last sample, cut, and the curve; a milestone without a run is in the list."""
    page = home(replace(site, milestones={"counts": RUN}))
    (run,) = page.select(".gw-run")
    assert words(run.h3).startswith("It *counts* ◆ reached")
    assert run.h3.a["href"] == "milestones/counts.html"
    assert words(run.select_one("figcaption")) == "What it wrote, step 900"
    lines = list(run.select_one("pre.gw-sample").stripped_strings)
    assert (lines[0], lines[-1], len(lines)) == (EVIL, "…", 9)
    assert "from 4.300 to 2.200" in run.select_one(".gw-diagram svg")["aria-label"]
    assert page.select(".gw-milestones li") == []
    (item,) = home(site).select(".gw-milestones li")
    assert words(item).startswith("It *counts* ◆ reached A number")


def test_what_is_new_comes_first(site: SiteData) -> None:
    """Passes by day, notes by their date and then those without, days of the log."""
    passed, notes, log = home(site).select(".gw-latest section")
    assert [words(item) for item in passed.select("li")] == [
        "Double 22 November 2026",
        "Softmax 20 November 2026",
    ]
    assert [words(item) for item in notes.select("section > ul > li")] == [
        "Newer alert('x') | b 3 November 2026",
        "Older 2 November 2026",
        "Dated by its name 30 October 2026",
        "Without a date",
    ]
    days = [(words(h), h.a["href"]) for h in log.select("h4")]
    assert days == [
        ("Saturday, 21 November 2026", "log/2026-11-21.html"),
        ("Sunday, 4 October 2026", "log/2026-10-04.html"),
        ("Saturday, 3 October 2026", "log/2026-10-03.html"),
    ]
    assert "Read a paper (1 h)" in words(log)


def test_what_a_learner_wrote_is_only_text(site: SiteData) -> None:
    """HTML in a name, an address, a note's title or a run's words does nothing on the page."""
    owner = SiteOwner(f"Ada {EVIL}", f"https://example.org/{EVIL}", ADA.repository)
    page = home(replace(site, owner=owner, milestones={"counts": RUN}))
    assert page.find_all(["script", "img"]) == []
    assert [tag for tag in page.find_all(True) if any(n.startswith("on") for n in tag.attrs)] == []
    assert page.h1 is not None and words(page.h1).startswith(f"Ada {EVIL}")


def test_every_link_of_the_page_leads_somewhere(site: SiteData) -> None:
    """Each relative address is that of a page that is rendered."""
    pages = build_files(replace(site, milestones={"counts": RUN}))
    links = [str(a["href"]) for a in home(replace(site, milestones={"counts": RUN})).select("a")]
    inner = {link.partition("#")[0] for link in links if "://" not in link}
    assert len(inner) > 15
    assert [one for one in inner if one and one.replace(".html", ".md") not in pages] == []


def test_the_records_table_reaches_the_page(tmp_path: Path) -> None:
    """A run that was recorded is on the home page of the workspace in which it was made."""
    own = lay(tmp_path / "ws")
    with own.course_file.open("a", encoding="utf-8") as file:
        file.write(MAIN_PATH)
    Records(own.progress).record(attempt(own, "numbers/double", "2026-11-20"))
    open_milestones(own.progress).put({"counts.last": replace(RUN, samples={"0": "hello"})})
    (run,) = home(gather(own)).select(".gw-run")
    assert "hello" in run.text
