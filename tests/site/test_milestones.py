"""The pages of milestones: the state, the curve, the samples and whose code ran."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bs4 import BeautifulSoup

from grader.base.paths import Workspace
from grader.course.model import Course, Exercise, Hint, Milestone, Phase, Unit
from grader.learner.model import MilestoneRecord
from grader.learner.progress import survey
from grader.site.links import LinkResolver
from grader.site.pages import milestones
from grader.site.site_data import SiteData

EVIL = "<script>alert('x')</script> `|` & *b* [a](javascript:alert(1))\n---\n# no heading"
HINTS = tuple(Hint(level, "Think.") for level in (1, 2, 3))
SOFTMAX = Exercise("demo/softmax", "Softmax", "Write it.", ("softmax",), 5, HINTS)
SPEAKS = Milestone("speaks", "It *speaks*", "A model of yours writes.", ("demo/softmax",))
COURSE = Course(
    "Course",
    (Phase("one", "One", (1, 2), (Unit("demo", "Demo", "It.", (SOFTMAX,)),)),),
    (),
    path=(SOFTMAX, SPEAKS),
    milestones=(SPEAKS,),
)
RECORD = MilestoneRecord(
    began="2026-01-02T10:00:00+00:00",
    at="2026-01-02T10:10:00+00:00",
    day="2026-01-02",
    reached=True,
    why=f"Below the line. {EVIL}",
    reached_day="2026-01-02",
    settings={"model": "gpt", "minutes": "10.0"},
    parts={"demo/softmax": f"yours {'ab' * 32}", "gone/away": "reference 00"},
    figures={"bigram": 2.46},
    curve=(
        {"step": 0, "seconds": 0.0, "valid": 4.3},
        {"step": 100, "seconds": 9.0, "train": 2.5, "valid": 2.4},
        {"step": 200, "seconds": 20.0, "train": 2.1, "valid": 2.2},
    ),
    samples={"100": "xq thz", "200": EVIL},
)


def render(*rows: tuple[str, MilestoneRecord], day: str = "") -> dict[str, str]:
    """The pages of a site with these records."""
    progress = survey(COURSE, {}, {}, {"speaks": day})
    site = SiteData(Workspace(Path("/nowhere")), COURSE, progress, milestones=dict(rows))
    return milestones.render_pages(site, LinkResolver(site))


def parse(page: str) -> BeautifulSoup:
    """A page's HTML blocks, which its Markdown contains as they are."""
    return BeautifulSoup(page, "html.parser")


def test_before_the_first_run_a_page_says_what_is_needed() -> None:
    """The command and a link to each exercise are there, and no curve."""
    page = render()["milestones/speaks.md"]
    assert "grade milestone speaks" in page
    assert "[Softmax](../units/demo/softmax.md)" in page
    assert "<svg" not in page
    assert "after 1 more exercise" in page


def test_a_run_shows_curve_samples_and_parts() -> None:
    """The curve has the line to beat, samples stand by step, parts say whose they are."""
    page = render(("speaks", RECORD), day="2026-01-02")["milestones/speaks.md"]
    soup = parse(page)
    drawn = soup.find("svg")
    assert drawn is not None and "a bigram model (2.460)" in drawn.text
    assert "from 4.300 to 2.200" in str(drawn["aria-label"])
    titles = [tag.text for tag in soup.select(".gw-samples summary")]
    assert titles == ["step 100", "step 200"]
    assert "yours" in page and "abababababab" in page
    assert "1 of 2 parts" in page


def test_a_tuned_model_is_compared_with_itself_before() -> None:
    """Where there is a loss from before tuning, the curve's line and its words say so."""
    tuned = replace(RECORD, figures={"untuned": 2.071, "loss before: untuned": 2.095})
    drawn = parse(render(("speaks", tuned))["milestones/speaks.md"]).find("svg")
    assert drawn is not None and "the model before tuning (2.071)" in drawn.text
    assert "the model before tuning has 2.071." in str(drawn["aria-label"])
    assert "bigram" not in str(drawn)


def test_what_a_model_wrote_is_shown_and_never_run() -> None:
    """HTML, links and Markdown in a sample or a reason are text on the page."""
    page = render(("speaks", RECORD))["milestones/speaks.md"]
    soup = parse(page)
    assert soup.find("script") is None
    assert [a for a in soup.find_all("a") if "javascript" in str(a.get("href"))] == []
    assert "\n# no heading" not in page
    shown = soup.select(".gw-samples pre")[1].text
    assert "<script>alert('x')</script>" in shown and "# no heading" in shown
    assert len(soup.select(".gw-samples pre")[1].find_all("br")) == 3  # a line is a line


def test_the_last_run_is_shown_until_one_reaches() -> None:
    """Without a run that reached it, the last one stands on the page; then the one that did."""
    failed = replace(RECORD, reached=False, why="Not below the line.", reached_day="")
    only = render(("speaks.last", failed))["milestones/speaks.md"]
    assert "Not below the line" in only
    both = render(("speaks.last", failed), ("speaks", RECORD))["milestones/speaks.md"]
    assert "Not below the line" not in both


def test_all_milestones_are_on_one_page() -> None:
    """The index links each, with its state."""
    index = render()["milestones/index.md"]
    assert "(speaks.md)" in index and "after 1 more exercise" in index
