"""The site, through MkDocs itself: what it shows, and what it keeps out."""

import filecmp
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import psutil
import pytest
from bs4 import BeautifulSoup
from built_page import page, row, under, words
from markdown import Markdown
from site_workspace import attempt, lay

from grader.base.errors import GroundworkError, UsageError
from grader.base.paths import Workspace
from grader.grading.outcome import Status
from grader.learner.journal import Journal
from grader.learner.records import Records
from grader.learner.settings import Settings
from grader.site import build, gather, render, serve
from grader.site.formatting import escape_markdown
from grader.site.output_folder import OutputFolder
from grader.site.render import build_files as all_made
from grader.site.tables import render_markdown_table

pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) `|` *b*"
PNG = b"\x89PNG\r\n\x1a\n not a real one"


def study(own: Workspace) -> None:
    """A learner's weeks: some of what they wrote is unfinished, and some is hostile."""
    records, journal = Records(own.progress), Journal(own.log)
    broken: dict[str, Status] = {
        "test_a_row_worked_by_hand": "passed",
        "test_huge_scores_stay_finite": "failed",
        "test_the_gradient_is_torchs": "blocked",
    }
    failed = {"verdict": "failed", "checks": broken, "mistake": "no_shift", "hints": 2}
    records.record(attempt(own, "attention/softmax", "2026-10-30", **failed))
    records.record(
        attempt(own, "attention/softmax", "2026-11-22", checks=dict.fromkeys(broken, "passed"))
    )
    strange = {"verdict": "failed", "checks": {EVIL: "failed"}, "mistake": EVIL}
    records.record(attempt(own, "numbers/double", "2026-11-22", **strange))
    gone = replace(attempt(own, "numbers/double", "2026-11-22"), exercise=f"gone/{EVIL}")
    records.record(gone)
    own.notes.mkdir(parents=True)
    (own.notes / "deep").mkdir()
    (own.notes / "plot.png").write_bytes(PNG)
    (own.notes / "page.html").write_text("<script>alert(1)</script>")
    (own.notes / "deep" / "first note.md").write_text(
        f"# {EVIL}\n\n## Section\n\n{EVIL}\n\n[up](../nb.ipynb) ![p](../plot.png) [s](#section)\n"
        "[log](../../log/2026-11-22.md) [code](../../../exercises/attention/softmax.py)\n"
        "[gone](nowhere.md) [page](../page.html) [out](../../../mkdocs.yml)\n\n"
        "$x^2$ and $\\oops$\n\n````\nopen\n"
    )
    (own.notes / "README.md").write_text("One\n\n# Two\n\n# Three\n\n```python\n\tx = `1`\n\n```\n")
    (own.notes / "nb.ipynb").write_text(
        '{"cells": [{"cell_type": "markdown", "metadata": {}, "source": "# A notebook"}],'
        ' "metadata": {}, "nbformat": 4, "nbformat_minor": 4}'
    )
    (own.notes / "broken.ipynb").write_text("{")
    journal.add(DAY, "read about [softmax](../notes/deep/first%20note.md)")
    journal.add(date(2026, 11, 21), EVIL)
    journal.find_path(date(2026, 11, 20)).write_text("# Mine\n\n```\nan open fence\n")
    journal.find_path(date(2026, 11, 19)).write_text("<div><table><td>\n\n<!-- open\n")
    journal.find_path(date(2026, 11, 18)).write_text("the last one\n\n1. " + "long\n1. " * 30)
    journal.add(DAY, "worked on numbers/double (1 h)")
    (own.log / "strange.md").write_text("x")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which a learner has studied, its site built."""
    own = lay(tmp_path_factory.mktemp("site") / "ws")
    study(own)
    build(own)
    return own


@pytest.fixture
def fresh(tmp_path: Path) -> Workspace:
    """A workspace that nothing has been done in yet."""
    return lay(tmp_path / "ws")


def previewed(own: Workspace) -> dict[str, str | bytes | Path]:
    """The pages as the owner sees them while they are served."""
    return all_made(replace(gather(own), is_preview=True))


def parsed_page(markdown: str | bytes | Path) -> BeautifulSoup:
    """A rendered page, read without MkDocs."""
    assert isinstance(markdown, str)
    text = markdown.partition("---\n\n")[2] if markdown.startswith("---") else markdown
    html = Markdown(extensions=["tables"]).convert(text)
    return BeautifulSoup(html, "html.parser")


# What the pages show


def test_home_says_what_is_next(own: Workspace) -> None:
    """The next exercise with its file and the command to type."""
    home = page(own, "index.html")
    assert words(home.h1) == "A language model, built from scratch"
    nearest = under(home, "Next: Double")
    assert "exercises/numbers/double.py" in nearest
    assert "grade numbers/double" in nearest
    assert "◐ started · about 1 minute" in nearest
    assert "A pass opens Triple ." in nearest


def test_home_says_how_far_each_phase_has_come(own: Workspace) -> None:
    """Each phase has a bar, and says in words what the bar shows."""
    home = page(own, "index.html")
    assert "1 of 3 exercises passed, 33 %" in under(home, "Progress")
    bars = home.select("figure.gw-phases svg[role=img]")
    labels = [bar["aria-label"] for bar in bars]
    assert labels == ["First steps: 1 of 3 passed, 1 started", "Second steps: coming later"]
    widths = {rect["class"][0]: rect["width"] for rect in bars[0].find_all("rect")}
    assert widths == {"gw-track": "100", "gw-passed": "33.33", "gw-started": "33.33"}


def test_home_shows_the_last_days(own: Workspace) -> None:
    """The three newest entries, each with a link to its day."""
    home = page(own, "index.html")
    days = [words(h) for h in home.select(".gw-latest h4")]
    assert days == [
        "Sunday, 22 November 2026",
        "Saturday, 21 November 2026",
        "Friday, 20 November 2026",
    ]
    assert home.h4.a["href"] == "log/2026-11-22.html"


def test_home_counts_the_days(own: Workspace) -> None:
    """Days of the last 30 stand beside the days in a row; attempts and entries count alike."""
    own.settings.write_text('time_zone = "UTC"\ndays_off = ["2026-11-17"]\n')
    site = replace(gather(own), today=date(2026, 11, 23))
    home = parsed_page(all_made(site)["index.md"])
    assert [words(item) for item in home.select(".gw-figures li")] == [
        "1 of 3 exercises passed, 33 %",
        "1.0 hours of study since 30 October 2026",
        "5 days in a row; not yet today",
        "1 of 2 mistakes fixed",
    ]
    days = "6 days of study in the last 53 weeks, 6 of them in the last 30 days."
    assert days in words(home)


def test_the_year_is_a_picture_and_a_table(own: Workspace) -> None:
    """Each day of study has a link that says what was done, a day off a dash; the table agrees."""
    site = replace(gather(own), today=date(2026, 11, 23))
    site = replace(site, settings=Settings(days_off=((date(2026, 11, 1), date(2026, 11, 2)),)))
    pages = all_made(site)
    home = parsed_page(pages["index.md"])
    cells = home.select(".gw-halves a")
    assert {words(cell.title): (cell["href"], cell.parent["class"]) for cell in cells} == {
        "30 October 2026: 1 attempt": ("log/2026-10-30.html", ["gw-y1"]),
        **{
            f"{day} November 2026: log": (f"log/2026-11-{day}.html", ["gw-y1"])
            for day in (18, 19, 20, 21)
        },
        "22 November 2026: 3 attempts, log": ("log/2026-11-22.html", ["gw-y2"]),
    }
    assert home.select_one(".gw-halves .gw-off")["d"] == ""
    assert home.select(".gw-halves .gw-off")[1]["d"].count("M") == 2
    table = home.select_one("table.gw-ledger")
    rows = [[words(cell) for cell in row.find_all(["th", "td"])] for row in table.select("tr")]
    assert rows[:3] == [
        ["Month", "Days studied", "Which", "Days off"],
        ["November 2026", "5", "18 , 19 , 20 , 21 , 22", "1–2"],
        ["October 2026", "1", "30", "none"],
    ]
    assert len(rows) == 14
    linked = [link["href"] for link in table.select("a")]
    assert {cell["href"] for cell in cells} < set(linked)
    assert "log/2026-10.html" in linked and len(linked) == 8
    assert [there for there in linked if there.replace(".html", ".md") not in pages] == []


def test_home_shows_units_and_objectives(own: Workspace) -> None:
    """Each unit of a phase by sign and word, each objective with what counts towards it."""
    home = page(own, "index.html")
    units = [words(unit) for unit in home.select(".gw-phase li")]
    assert units == ["Attention ● complete", "Numbers ◐ 0 of 2"]
    assert [words(o) for o in home.select(".gw-objectives li")] == [
        "Explain how it works. 82 % of its evidence, 1 of 1 exercise passed",
        "Something for later. nothing counts yet",
    ]


def test_a_day_has_its_page_between_its_neighbours(own: Workspace) -> None:
    """What was written and graded that day, with links to the days beside it and what it names."""
    day = page(own, "log/2026-11-22.html")
    assert words(day.h1) == "Sunday, 22 November 2026"
    assert "1 h logged · 3 attempts · written in docs/log/2026-11-22.md" in words(day)
    beside = {a["rel"][0]: (words(a), a["href"]) for a in day.select("nav a")}
    assert beside == {
        "prev": ("← 21 Nov", "2026-11-21.html"),
        "up": ("November 2026", "2026-11.html"),
    }
    assert day.find("a", string="numbers/double")["href"] == "../units/numbers/double.html"
    assert "Softmax : passed, 1 attempt" in under(day, "Graded")
    oldest = page(own, "log/2026-10-30.html")
    assert [a["rel"][0] for a in oldest.select("nav a")] == ["up", "next"]
    assert oldest.find(string="Log") is None


def test_a_long_day_is_cut_in_its_month_and_whole_on_its_page(own: Workspace) -> None:
    """The month shows a beginning and leads on."""
    november = page(own, "log/2026-11.html")
    assert under(november, "Wednesday, 18 November 2026").endswith("The rest of the day")
    assert words(page(own, "log/2026-11-18.html")).count("long") == 30


def test_a_month_full_of_code_stays_small(fresh: Workspace) -> None:
    """Every day keeps its heading and its own page; what there is no room for is left to that."""
    code = "```python\n" + "\n".join(f"x[{n}] = f(a + {n}, b * 2)  # {n}" for n in range(30)) + "\n"
    for number in range(1, 32):
        Journal(fresh.log).find_path(date(2026, 10, number)).parent.mkdir(exist_ok=True)
        Journal(fresh.log).find_path(date(2026, 10, number)).write_text(
            code + "```\n" + "- (9 min)\n"
        )
    made = all_made(gather(fresh))
    month = made["log/2026-10.md"]
    assert isinstance(month, str) and 60_000 < len(month.encode()) < 100_000
    assert len(parsed_page(month).find_all("h2")) == 31
    assert "9 min logged" in words(parsed_page(month)) and "# 29" not in words(parsed_page(month))
    assert "# 29" in words(parsed_page(made["log/2026-10-01.md"]))


def test_the_pace_without_and_with_study(own: Workspace, fresh: Workspace) -> None:
    """Before the first attempt the estimates alone; then hours, weeks and a forecast's range."""
    before = words(parsed_page(all_made(gather(fresh))["pace.md"]))
    assert "The weeks begin with the first attempt" in before
    assert re.search(r"First steps [\d.]+ h [\d.]+ weeks \d", before)
    after = words(parsed_page(all_made(replace(gather(own), today=date(2026, 11, 23)))["pace.md"]))
    assert "1.0 hours in all, since 30 October 2026" in after
    assert re.search(r"At the rate of the first days and, to \d+ %, of the target", after)
    assert "the range narrows with each" in after and "Planned" not in after


def test_broken_settings_are_named_and_the_pages_are_made(fresh: Workspace) -> None:
    """The page of the log says which line to mend."""
    fresh.progress.mkdir()
    fresh.settings.write_text("day_begins = 25\n")
    told = "progress/settings.toml:1: day_begins is 25; expected a full hour from 0 to 12"
    assert told in words(parsed_page(previewed(fresh)["log/index.md"]))
    assert "settings.toml" not in words(parsed_page(all_made(gather(fresh))["log/index.md"]))


def test_the_tracker_keeps_the_table(own: Workspace) -> None:
    """Component, status by sign and word, description, attempts and the first pass."""
    tracker = page(own, "tracker.html")
    assert row(tracker, "Attention") == [
        *("Attention", "● complete", "Built: Softmax.", "2", "22 November 2026"),
    ]
    assert row(tracker, "Numbers") == ["Numbers", "◐ 0 of 2", "Count.", "1", "–"]
    assert row(tracker, "Triple") == ["Triple", "○ not started", "0", "–", "–", "–", "Numbers"]
    assert row(tracker, "Softmax")[4] == "23 days"
    unit = page(own, "units/numbers/index.html")
    assert row(unit, "Triple") == ["Triple", "○ not started", "Thrice x.", "0", "–"]
    assert "Planned for 1 to 3 weeks. Its exercises are coming later." in words(tracker)


def test_a_pass_with_changed_checks_is_stale(fresh: Workspace) -> None:
    """The tracker and the exercise's page say that the pass is stale, and why."""
    Records(fresh.progress).record(attempt(fresh, "numbers/double", "2026-11-22", checks_hash="0"))
    build(fresh)
    assert row(page(fresh, "tracker.html"), "Double")[1] == "◍ stale"
    assert "its checks have changed since" in words(page(fresh, "units/numbers/double.html"))


def test_an_exercise_page_holds_all_that_is_known(own: Workspace) -> None:
    """Lesson, contract, claims with the last verdict, hints folded away, needs and reading."""
    softmax = page(own, "units/attention/softmax.html")
    assert "● passed on 22 November 2026, 2 attempts so far" in words(softmax)
    assert softmax.find_all("h1")[0].text.startswith("Softmax")
    assert len(softmax.find_all("h1")) == 1
    assert "Softmax keeps the order" in under(softmax, "The idea")
    codes = [code.text.strip() for code in softmax.select("pre code")]
    assert "def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:" in codes
    assert "scores : the logits, a float tensor of any shape" in under(softmax, "Contract")
    worked = "Logits log 1, log 2 and log 5 become the probabilities 1/8, 2/8 and 5/8."
    assert row(softmax, "2") == ["2", worked, "● passed"]
    assert row(softmax, "3")[2] == "–"
    folded = softmax.select("details.question")
    assert [words(hint.summary) for hint in folded] == [f"Hint {n} of 3" for n in (1, 2, 3)]
    assert not any(hint.has_attr("open") for hint in folded)
    assert folded[0].math
    assert softmax.find("a", href="https://example.org/a%28b%29").text == "A [book] of *numbers*"
    triple = page(own, "units/numbers/triple.html")
    assert under(triple, "Needs") == "Double ◐ started Softmax ● passed ← Double Map"
    assert "Give x three times." in under(triple, "Contract")
    assert "_secret" not in words(triple)
    assert under(softmax, "Opens") == "Triple ○ not started"


def test_a_contract_reads_as_prose(own: Workspace) -> None:
    """Arguments are a list, examples are code, and signs in the words are only signs."""
    double = page(own, "units/numbers/double.html")
    contract = under(double, "Contract")
    assert "x : any number; a_b and *c* are only words, on two lines." in contract
    assert ">>> double ( 2.0 )" in contract
    assert double.find("em") is None


def test_the_history_says_what_broke_and_why(own: Workspace) -> None:
    """Each attempt: the day, the verdict, the first check that broke, the mistake it looks like."""
    softmax = page(own, "units/attention/softmax.html")
    assert row(softmax, "30 October 2026") == [
        "30 October 2026",
        "failed",
        "1 of 3",
        "Logits of 10,000 and -10,000, or as large as the dtype allows, give no NaN or infinity.",
        "softmax without the shift by the maximum: exp of a large logit overflows",
        "2",
    ]
    assert row(softmax, "22 November 2026")[1:] == ["passed", "3 of 3", "–", "–", "–"]
    assert softmax.select_one("figure.gw-tries svg")["aria-label"] == (
        "2 attempts, checks passed: 1 of 3, 3 of 3"
    )
    met = "Made on 30 October 2026, fixed on 22 November 2026, 1 attempt later."
    assert met in under(softmax, "Mistakes")


def test_the_reference_is_shown_after_a_pass_alone(own: Workspace) -> None:
    """It stands on the page of what is passed; of all else no built file holds it."""
    softmax = page(own, "units/attention/softmax.html")
    assert "scores.amax(" in under(softmax, "Reference").replace(" ", "")
    assert "Your code" not in words(softmax)
    for path in own.site.rglob("*"):
        if path.is_file():
            assert b"3 * x" not in path.read_bytes(), path
    for path, soup in pages(own):
        assert "return3*x" not in words(soup).replace(" ", ""), path
        assert ("_secret" in words(soup)) is False, path


def test_a_revealed_reference_is_shown(fresh: Workspace) -> None:
    """Who asked for the reference sees it on the site too, without a pass."""
    Records(fresh.progress).reveal("numbers/triple")
    build(fresh)
    triple = page(fresh, "units/numbers/triple.html")
    assert "return3*x" in under(triple, "Reference").replace(" ", "")
    assert "return2*x" not in words(page(fresh, "units/numbers/double.html")).replace(" ", "")


def test_the_learners_code_stands_beside_the_reference(fresh: Workspace) -> None:
    """Only if they say so, only what passed, never a stub or what a link leads to."""
    mine = "# <script>alert('x')</script>\ndef double(x):\n    return x + x\n"
    stub = fresh.locate_stub("numbers/double")
    stub.parent.mkdir(parents=True)
    stub.write_text(mine, "utf-8")
    fresh.locate_stub("numbers/triple").write_text(
        "class Triple:\n    def of(self, x): return x + x + x\n"
    )
    Records(fresh.progress).record(
        attempt(fresh, "numbers/double", "2026-11-22", file_hash=sha256(mine.encode()).hexdigest())
    )
    assert gather(fresh).solved == {}
    fresh.settings.write_text("show_code = true\n")
    assert [*gather(fresh).solved] == ["numbers/double"]
    build(fresh)
    double = page(fresh, "units/numbers/double.html")
    told = under(double, "Reference and your code")
    assert "Your code, as it passed exercises/numbers/double.py" in told
    assert "<script>alert('x')</script>" in told
    assert not double.find("script")
    stub.write_text("# changed since\n" + mine, "utf-8")
    assert "as it is now" in all_made(gather(fresh))["units/numbers/double.md"]
    stub.write_text("def double(x):\n    raise NotImplementedError('write it')\n", "utf-8")
    assert gather(fresh).solved == {}
    stub.unlink()
    (fresh.root / "secret").write_text("x = 1\n")
    stub.symlink_to(fresh.root / "secret")
    assert gather(fresh).solved == {}


def test_formulas_are_mathml(own: Workspace) -> None:
    """A lesson's TeX is drawn by the browser itself; none of it is left over."""
    softmax = page(own, "units/attention/softmax.html")
    assert softmax.find("math", display="block").mfrac
    assert len(softmax.find_all("math")) > 5
    assert "\\frac" not in softmax.text
    assert "$" not in under(softmax, "The formula")


def test_a_days_page_joins_what_was_written_and_graded(own: Workspace) -> None:
    """Beside the learner's words stands what was graded; their file is left alone."""
    november = page(own, "log/2026-11.html")
    day = under(november, "Sunday, 22 November 2026")
    assert "read about softmax" in day
    assert "Graded that day" in day
    assert "Softmax : passed, 1 attempt" in day
    assert "Graded" not in (own.log / "2026-11-22.md").read_text()
    assert words(page(own, "log/2026-10.html").h2) == "Friday, 30 October 2026"
    index = page(own, "log/index.html")
    assert row(index, "November 2026") == ["November 2026", "5 days", "1 h", "3 attempts"]
    assert "strange.md" not in words(index)  # only the owner is told what is wrong


def test_an_unfinished_day_swallows_no_other(own: Workspace) -> None:
    """An open fence, comment or tag ends with its day."""
    november = page(own, "log/2026-11.html")
    assert "an open fence" in under(november, "Friday, 20 November 2026")
    assert under(november, "Wednesday, 18 November 2026").startswith("the last one")
    assert len(november.find_all("h2")) == 5


def test_notes_are_pages(own: Workspace) -> None:
    """Each note has a page, and its headings are in the table of contents."""
    index = page(own, "notes/index.html")
    titles = [words(link) for link in index.select("li a")]
    assert titles[:3] == ["README", "broken", "A notebook"]
    assert titles[3].startswith("alert('x')")
    assert [words(h) for h in index.find_all("h2")] == ["deep"]
    assert words(page(own, "notes/broken.html")).endswith("This note cannot be shown.")
    whole = (own.site / "notes" / "README-note.html").read_text()
    assert 'href="#two"' in whole
    code = page(own, "notes/README-note.html").select_one("pre code")
    assert code.text == "\tx = `1`\n\n"


def test_links_of_notes_lead_on(own: Workspace) -> None:
    """Links to notebooks, days, exercises and pictures lead to them; others are named."""
    note = page(own, "notes/deep/first-note.html")
    links = {words(a): a.get("href") for a in note.select(".gw-note a")}
    assert links["up"] == "../nb.html"
    assert links["log"] == "../../log/2026-11-22.html"
    assert links["code"] == "../../units/attention/softmax.html"
    assert [links["gone"], links["page"], links["out"]] == [None, None, None]
    assert (own.site / "notes" / "plot.png").read_bytes() == PNG
    assert not list(own.site.rglob("page.html"))


def test_only_the_owner_sees_what_is_wrong(own: Workspace) -> None:
    """On the pages that are served, and in what rendering reports; no published page names it."""
    preview, warnings = previewed(own), "\n".join(render(gather(own)).warnings)
    note = parsed_page(preview["notes/deep/first-note.md"])
    told = words(note.select(".admonition.warning")[-1])
    for name in ("nowhere.md", "../page.html", "../../../mkdocs.yml", "\\oops"):
        assert name in told
        assert re.search(rf"/deep/first note\.md: .*{re.escape(name)}", warnings)
    fault = "docs/notes/broken.ipynb: not a notebook that can be read"
    assert fault in words(parsed_page(preview["notes/broken.md"]))
    assert fault in warnings
    assert "broken (cannot be read)" in words(parsed_page(preview["notes/index.md"]))
    assert "strange.md" in words(parsed_page(preview["log/index.md"]))
    assert "strange.md" in warnings
    for path, soup in pages(own):
        assert not soup.select("article .admonition.warning"), path
        assert "cannot be read" not in soup.get_text(), path


# What is kept out


def pages(own: Workspace) -> Iterator[tuple[Path, BeautifulSoup]]:
    """Every built page."""
    for path in sorted(own.site.rglob("*.html")):
        yield path, BeautifulSoup(path.read_text("utf-8"), "html.parser")


def test_nothing_loads_from_another_host(own: Workspace) -> None:
    """No script, style, font, picture or frame of any page or style sheet lies elsewhere."""
    for path, soup in pages(own):
        for tag in soup.find_all(["script", "img", "iframe", "source", "link", "object", "embed"]):
            if tag.name == "link" and tag.get("rel") == ["canonical"]:
                continue
            address = tag.get("src") or tag.get("href") or tag.get("data") or ""
            assert not urlsplit(address).netloc, f"{path}: {tag}"
    for style in own.site.rglob("*.css"):
        text = style.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "url(http" not in text, style
        assert "url(//" not in text, style
        assert "@import" not in text, style


def test_nothing_hostile_is_on_any_page(own: Workspace) -> None:
    """What learners wrote, and what their records hold, is words on every page."""
    seen = 0
    for path, soup in pages(own):
        content = soup.find("article") or soup
        seen += content.get_text().count("alert('x')")
        for tag in soup.find_all(True):
            handlers = [name for name in tag.attrs if name.startswith("on")]
            assert not handlers, f"{path}: {tag}"
            assert not str(tag.get("href", "")).lower().startswith("javascript:"), path
        for script in soup.find_all("script"):
            assert "alert(" not in script.text, path
    assert seen >= 5


def test_every_link_leads_somewhere(own: Workspace) -> None:
    """Each address on each page is a file of the site, and each anchor is on its page."""
    ids = {path: {t["id"] for t in soup.find_all(id=True)} for path, soup in pages(own)}
    for path, soup in pages(own):
        if path.name == "404.html":
            continue
        for tag in soup.find_all(["a", "img", "script", "link"]):
            address, anchor = urldefrag(tag.get("href") or tag.get("src") or "")
            if urlsplit(address).scheme or address.startswith("/"):
                continue
            target = Path(os.path.normpath(path.parent / unquote(address))) if address else path
            assert target.exists(), f"{path}: {address}"
            if anchor and target in ids and anchor != "__skip":
                assert unquote(anchor) in ids[target], f"{path}: {address}#{anchor}"


HOSTILE_NAMES = [
    "a_b_c *x* **y** `z` ~~q~~ $x$ $$y$$ ==m== ^s^",
    "<b>&amp;&#60; </b> [t](u) ![i](j) <http://a.b>",
    "| pipe | \\| # + - . ! {: .c } :smile: https://a.b/c?d=e&f",
    "[TOC] ***  [^1] \"quoted\" 'q' // @x --8<-- \\(x\\) \\[y\\]",
]


@pytest.mark.parametrize("text", HOSTILE_NAMES)
def test_escaped_words_stay_words(text: str) -> None:
    """A paragraph, a heading and a table cell show escaped words exactly as they are."""
    extensions = ["tables", "toc", "admonition", "pymdownx.arithmatex", "pymdownx.superfences"]
    for made, where in [
        (escape_markdown(text), "p"),
        (f"## {escape_markdown(text)}", "h2"),
        (render_markdown_table(["a", "b"], [["1", escape_markdown(text)]]), "td + td"),
    ]:
        soup = BeautifulSoup(Markdown(extensions=extensions).convert(made), "html.parser")
        found = soup.select_one(where)
        assert found.text == " ".join(text.split())
        assert not found.find_all(True)


# How it is built


def test_plain_mkdocs_gives_the_same_site(fresh: Workspace) -> None:
    """In a fresh clone ``mkdocs build --strict`` builds what ``grade site build`` builds."""
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=fresh.root,
        check=True,
        capture_output=True,
        timeout=60,
    )
    other = fresh.root / "other"
    assert build(fresh, site=other) == other / "index.html"
    differ = filecmp.dircmp(fresh.site, other)
    assert not (differ.left_only or differ.right_only)
    for path in fresh.site.rglob("*.html"):
        assert path.read_bytes() == (other / path.relative_to(fresh.site)).read_bytes()
    assert words(page(fresh, "index.html").h2) == "First step: Softmax"


def test_only_what_changed_is_written(fresh: Workspace) -> None:
    """A second rendering writes nothing; a new day writes the pages that show it."""
    assert len(render(gather(fresh)).written) > 10
    assert render(gather(fresh)).written == ()
    Journal(fresh.log).add(DAY, "x")
    changed = {
        path.relative_to(fresh.rendered).as_posix() for path in render(gather(fresh)).written
    }
    assert changed == {"index.md", "log/index.md", "log/2026-11.md", "log/2026-11-22.md"}


def test_pages_no_longer_due_are_removed(fresh: Workspace) -> None:
    """A deleted note takes its page with it; ``.gitkeep`` and all outside stay."""
    fresh.notes.mkdir(parents=True)
    (fresh.notes / "a.md").write_text("# A\n")
    render(gather(fresh))
    (fresh.notes / "a.md").unlink()
    outside = fresh.root / "outside"
    outside.mkdir()
    (outside / "keep.md").write_text("mine")
    (fresh.rendered / "link").symlink_to(outside)
    removed = render(gather(fresh)).removed
    assert {path.name for path in removed} == {"a.md", "link"}
    assert (fresh.rendered / ".gitkeep").exists()
    assert (outside / "keep.md").read_text() == "mine"


def test_rendering_never_writes_through_a_link(tmp_path: Path) -> None:
    """A link where a page or its folder belongs is replaced, and what it led to is untouched."""
    outside, root = tmp_path / "outside", tmp_path / "docs"
    outside.mkdir()
    root.mkdir()
    (outside / "page.md").write_text("mine")
    (root / "folder").symlink_to(outside)
    (root / "top.md").symlink_to(outside / "page.md")
    (root / "was").mkdir()
    (root / "was" / "x.md").write_text("old")
    OutputFolder(root).replace_files(
        {"folder/page.md": "new", "top.md": "new", "was": "now a file"}
    )
    assert (outside / "page.md").read_text() == "mine"
    assert (root / "folder" / "page.md").read_text() == "new"
    assert (root / "top.md").read_text() == "new"
    assert (root / "was").read_text() == "now a file"


def test_a_lesson_with_a_dead_link_stops_the_build(fresh: Workspace) -> None:
    """What MkDocs said about it is in the error."""
    fresh.locate_lesson("numbers/double").write_text("# Double\n\n[gone](nowhere.md)\n")
    with pytest.raises(GroundworkError, match=r"nowhere\.md"):
        build(fresh)


def test_a_faulty_course_is_named_not_traced(fresh: Workspace) -> None:
    """The course's fault is told with its file and line."""
    fresh.locate_unit_file("numbers").write_text("title: Numbers\nnonsense: 1\n")
    with pytest.raises(GroundworkError, match=r"curriculum/numbers/unit\.yml:2:1") as caught:
        build(fresh)
    assert "Traceback" not in str(caught.value)


def test_a_wrong_formula_in_a_lesson_is_reported(fresh: Workspace) -> None:
    """The build goes on, and rendering tells the lesson and the formula."""
    fresh.locate_lesson("numbers/double").write_text("# Double\n\nSee $\\oops{x}$.\n")
    (told,) = render(gather(fresh)).warnings
    assert "double.md: $\\oops{x}$" in told
    build(fresh)
    assert page(fresh, "units/numbers/double.html").select_one("code.gw-bad-formula")


def test_a_port_in_use_is_a_usage_error(fresh: Workspace) -> None:
    """The address and the way out are named."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"127\.0\.0\.1:{port}.*--port"):
            serve(fresh, port=port)


def fetched_text(address: str) -> str:
    """The page at an address, empty while it is not served."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, OSError):
        return ""


def wait_for_text(address: str, text: str, seconds: float) -> float:
    """How long it takes until the page shows the text."""
    start = time.monotonic()
    while text not in fetched_text(address):
        assert time.monotonic() - start < seconds, f"{address} never showed {text!r}"
        time.sleep(0.05)
    return time.monotonic() - start


def test_a_change_shows_while_serving(fresh: Workspace) -> None:
    """A log entry, a note with its faults, a graded exercise and a repaired course show."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = (
        "import sys; from pathlib import Path; from grader.site import serve;"
        "from grader.base.paths import Workspace;"
        "serve(Workspace(Path(sys.argv[1])), port=int(sys.argv[2]))"
    )
    site = f"http://127.0.0.1:{port}"
    serving = subprocess.Popen(
        [sys.executable, "-c", program, str(fresh.root), str(port)], start_new_session=True
    )
    try:
        wait_for_text(f"{site}/index.html", "First step: ", 30)
        Journal(fresh.log).add(DAY, "first words")
        wait_for_text(f"{site}/index.html", "first words", 8)
        unit = fresh.locate_unit_file("numbers")
        whole = unit.read_text()
        unit.write_text("title: [")
        fresh.notes.mkdir(parents=True)
        (fresh.notes / "new.md").write_text("# Fresh thoughts\n\n[gone](nowhere.md)\n")
        time.sleep(1)
        unit.write_text(whole)
        wait_for_text(f"{site}/notes/new.html", "Fresh thoughts", 8)
        assert "nowhere.md points to nothing" in fetched_text(f"{site}/notes/new.html")
        Records(fresh.progress).record(attempt(fresh, "numbers/double", "2026-11-22"))
        wait_for_text(f"{site}/tracker.html", "gw-passed", 8)
    finally:
        below = psutil.Process(serving.pid).children()
        serving.send_signal(signal.SIGINT)  # to this process alone: it ends MkDocs itself
        assert serving.wait(timeout=20) in (0, 1, -2)
        assert below and not any(process.is_running() for process in below)
