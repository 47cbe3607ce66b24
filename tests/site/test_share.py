"""What others are told: the report, its figures, the badge, the share card, the pages' heads."""

import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown
from PIL import Image

from grader.base.paths import Workspace
from grader.course.model import Course, Exercise, Objective, Phase, Unit
from grader.grading.outcome import Standing
from grader.learner.journal import Journal
from grader.learner.progress import survey
from grader.learner.settings import Settings
from grader.learner.states import EXERCISES
from grader.services.session import Session
from grader.site import build, gather, render
from grader.site.share import (
    Facts,
    build_facts,
    draw_badge,
    format_markdown,
    render_report,
    to_json,
)
from grader.site.share.card import describe_card, draw_card

REPO = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)
EVIL = "</title><script>alert('x')</script>\"'&[a](b) <b>"
ADDRESS = "https://example.org/llm"


def exercise(name: str, *objectives: str) -> Exercise:
    """An exercise of unit ``u`` that counts towards these objectives."""
    return Exercise(f"u/{name}", name.title(), "It is.", (name,), 5, (), objectives=objectives)


def sample_facts(
    name: str = "Ada Muster", address: str = ADDRESS, title: str = "Groundwork"
) -> Facts:
    """The facts of a learner who has passed one of three, and studied on four days."""
    unit = Unit("u", "A unit", "It is.", (exercise("a", "o"), exercise("b", "o"), exercise("c")))
    course = Course(
        title,
        (Phase("one", "First", (1, 2), (unit,)), Phase("two", "Second", (1, 2), ())),
        (Objective("o", "Explain it."), Objective("p", "More.")),
    )
    standings = {
        "u/a": Standing("u/a", 2, passed_at="2026-11-20T20:00:00+00:00", passed_day="2026-11-20"),
        "u/b": Standing("u/b", 1),
    }
    days = {DAY - timedelta(days=n) for n in (0, 1, 2, 40)} | {DAY + timedelta(days=1)}
    settings = Settings(name=name, address=address)
    return build_facts(course, survey(course, standings, {}), standings, days, settings, DAY)


# The facts


def test_facts_count_exercises_days_and_objectives() -> None:
    """One of three is passed; of four days three are in a row; a day to come counts for nothing."""
    found = sample_facts()
    assert found.share == "1 of 3"
    assert (found.days, found.study.recent, found.study.streak) == (4, 3, 3)
    assert [(aim.exercises, aim.passed) for aim in found.objectives] == [(2, 1), (0, 0)]
    assert [phase.total.exercises for phase in found.phases] == [3, 0]


def test_a_name_is_one_line_that_steers_nothing() -> None:
    """Line ends, control and direction characters of a name are gone, its letters stay."""
    assert sample_facts(name="  Łukasz\n\x1b[31m \u202eMüller\x85 ").name == "Łukasz [31m Müller"


# The report


def test_the_report_says_all_of_it() -> None:
    """Sums, phases with their bars, each exercise with sign and word, objectives."""
    page = BeautifulSoup(render_report(sample_facts()), "html.parser")
    assert page.title.text == "Groundwork: Ada Muster"
    sums = [" ".join(item.get_text(" ").split()) for item in page.select(".sums li")]
    assert sums[:3] == [
        "1 of 3 exercises passed",
        "33 % of the course",
        "3 of 30 last days studied",
    ]
    bars = [bar["aria-label"] for bar in page.find_all("svg")]
    assert bars == ["First: 1 of 3 passed, 1 started", "Second: coming later"]
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")]
    assert rows[0] == ["A", "● passed", "2", "2026-11-20"]
    assert rows[2] == ["C", "○ not started", "0", "–"]
    assert "Explain it. 1 of 2 exercises passed" in page.get_text(" ", strip=True)


def test_the_report_is_one_file_without_a_script() -> None:
    """Nothing is loaded, from nowhere, and nothing that a learner typed is markup."""
    text = render_report(sample_facts(name=EVIL, title=EVIL))
    page = BeautifulSoup(text, "html.parser")
    names = {tag.name for tag in page.find_all(True)}
    assert not names & {"script", "link", "img", "iframe", "b", "object", "embed"}
    assert "url(" not in text and "@import" not in text
    assert page.h1.text == EVIL
    assert [a["href"] for a in page.find_all("a")] == [f"{ADDRESS}/"]


def test_the_report_speaks_like_the_site() -> None:
    """A state has the sign and the word that the pages give it."""
    page = BeautifulSoup(render_report(sample_facts()), "html.parser")
    said = {cell.text for cell in page.select("td.state")}
    assert said == {EXERCISES["passed"].text, EXERCISES["started"].text, EXERCISES["open"].text}


# The figures


def test_every_key_of_the_figures_is_documented() -> None:
    """docs/json.md names each key, at every depth, and no other is there."""
    data = json.loads(to_json(sample_facts()))
    documented = (REPO / "docs" / "json.md").read_text("utf-8").partition("## `grade export")[2]
    rows = [data, data["totals"], data["days"]]
    rows += [data[kind][0] for kind in ("phases", "exercises", "objectives")]
    assert [key for row in rows for key in row if f"`{key}`" not in documented] == []
    assert data["schema"] == 1
    assert data["exercises"][0] == {
        "id": "u/a",
        "title": "A",
        "unit": "u",
        "phase": "one",
        "state": "passed",
        "attempts": 2,
        "passed_day": "2026-11-20",
    }


# The badge


def test_the_badge_is_a_picture_that_says_what_it_shows() -> None:
    """It is XML, has a label and a title, and its two words do not meet."""
    root = ElementTree.fromstring(draw_badge(sample_facts(title=EVIL)))
    space = "{http://www.w3.org/2000/svg}"
    assert root.attrib["aria-label"] == f"{EVIL}: 1 of 3 exercises passed"
    assert root.find(f"{space}title").text == root.attrib["aria-label"]
    left, right = root.iter(f"{space}text")
    assert [left.text, right.text] == [EVIL, "1 of 3"]
    assert float(left.attrib["x"]) + float(left.attrib["textLength"]) < float(right.attrib["x"])
    assert not list(root.iter(f"{space}script"))


@pytest.mark.parametrize("title", ["Groundwork", "A [b] *c* `d` <e> & \\f"])
@pytest.mark.parametrize("address", [ADDRESS, "https://example.org/a(b)_c*"])
def test_the_line_to_paste_shows_the_badge_and_leads_to_the_site(title: str, address: str) -> None:
    """Any Markdown reader makes a picture inside a link of it."""
    line = format_markdown(sample_facts(title=title, address=address), "mine.svg")
    page = BeautifulSoup(Markdown().convert(line), "html.parser")
    assert page.img["alt"] == f"{title}: 1 of 3"
    safe = address.replace("(", "%28").replace(")", "%29")
    assert page.img["src"] == f"{safe}/assets/badge.svg"
    assert page.a["href"] == f"{safe}/"


def test_without_an_address_the_line_shows_the_file() -> None:
    """No link to nowhere is made up."""
    assert (
        format_markdown(sample_facts(address=""), "my badge.svg")
        == "![Groundwork: 1 of 3](my%20badge.svg)"
    )


# The share card


def test_the_card_is_small_and_the_same_each_time() -> None:
    """1200 by 630, below 100 kB, and equal facts give equal bytes."""
    data = draw_card(sample_facts())
    assert Image.open(io.BytesIO(data)).size == (1200, 630)
    assert len(data) < 100_000
    assert draw_card(sample_facts()) == data
    assert draw_card(replace(sample_facts(), name="Someone Else")) != data


@pytest.mark.slow
@pytest.mark.parametrize("long", ["x" * 500, "a word " * 90, "Ж" * 200])
def test_nothing_is_drawn_beyond_the_cards_edge(long: str) -> None:
    """However long title, name and address are, the margins stay empty."""
    picture = Image.open(
        io.BytesIO(draw_card(sample_facts(name=long, title=long, address=f"https://{long}")))
    )
    ground = picture.convert("RGB").getpixel((40, 400))
    for strip in [(0, 14, 78, 630), (1123, 14, 1200, 630)]:
        assert picture.convert("RGB").crop(strip).getcolors() == [
            ((strip[2] - strip[0]) * 616, ground)
        ]


def test_a_name_that_the_font_lacks_is_not_drawn_as_boxes() -> None:
    """The card leaves it off; the words for who cannot see the card still have it."""
    assert draw_card(sample_facts(name="田中")) == draw_card(sample_facts(name=""))
    assert "田中" in describe_card(sample_facts(name="田中"))


def test_the_words_for_the_card_say_what_it_shows() -> None:
    """Course, name, all, each phase, the days."""
    assert describe_card(sample_facts()) == (
        "Groundwork, Ada Muster: 1 of 3 exercises passed. First 1 of 3; Second coming later. "
        "Studied on 3 of the last 30 days, 3 days in a row."
    )


def test_a_course_of_many_phases_has_one_bar() -> None:
    """Lines that would run off the card are summed up."""
    many = replace(sample_facts(), phases=sample_facts().phases * 9)
    assert "The whole course 1 of 3" in describe_card(many)
    assert len(draw_card(many)) < 100_000


# The pages' heads and the command, in a workspace


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    """A clone in which nothing was done yet but a line of the log and a note."""
    root = tmp_path / "clone"
    shutil.copytree(REPO / "curriculum", root / "curriculum")
    shutil.copytree(REPO / "solutions", root / "solutions")
    (root / "docs").mkdir()
    shutil.copytree(REPO / "docs" / "assets", root / "docs" / "assets")
    shutil.copy(REPO / "mkdocs.yml", root)
    (root / "grader").symlink_to(REPO / "grader")
    (root / ".groundwork" / "docs").mkdir(parents=True)
    own = Workspace(root)
    Journal(own.log).add(DAY, "a secret line")
    own.notes.mkdir(parents=True)
    hidden = "&lt;/title&gt;&lt;script&gt;alert('t')&lt;/script&gt;"
    (own.notes / "mine.md").write_text(f"# {hidden}\n\na secret note\n")
    own.progress.mkdir()
    return own


def settings(own: Workspace, **values: str) -> None:
    """Write the learner's settings."""
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in values.items())
    own.settings.write_text("".join(lines), "utf-8")


def metas(own: Workspace, page: str) -> dict[str, str]:
    """What a built page says of itself, by name or property."""
    soup = BeautifulSoup((own.site / page).read_text("utf-8"), "html.parser")
    tags = soup.head.find_all("meta", content=True)
    return {tag.get("property") or tag.get("name"): tag["content"] for tag in tags}


@pytest.mark.slow
def test_with_an_address_each_page_names_the_card(own: Workspace) -> None:
    """Absolute addresses, words for the card, and the card and the badge beside the pages."""
    name = 'A "quoted" <b> {{ name }} %}: #x'
    settings(own, name=name, address=f"{ADDRESS}/")
    build(own)
    home, softmax = metas(own, "index.html"), metas(own, "units/attention/softmax.html")
    assert home["og:image"] == f"{ADDRESS}/assets/share.png" == softmax["twitter:image"]
    assert softmax["og:url"] == f"{ADDRESS}/units/attention/softmax.html"
    assert home["og:image:alt"].startswith(f"Groundwork, {name}: 0 of ")
    assert home["og:title"] == f"{name} is building a language model from scratch"
    assert (home["twitter:card"], softmax["og:title"]) == ("summary_large_image", "Softmax")
    assert len((own.site / "assets" / "share.png").read_bytes()) < 100_000
    ElementTree.parse(own.site / "assets" / "badge.svg")
    assert 'href="/llm/index.html"' in (own.site / "404.html").read_text("utf-8")


@pytest.mark.slow
def test_without_an_address_no_picture_is_named(own: Workspace) -> None:
    """A wrong address would be worse than none; title and description stand all the same."""
    build(own)
    home = metas(own, "index.html")
    title = "A language model, built from scratch"
    assert (home["og:title"], "og:image" in home, "og:url" in home) == (title, False, False)
    assert not (own.site / "assets" / "share.png").exists()


@pytest.mark.slow
def test_a_title_ends_no_element_of_the_head(own: Workspace) -> None:
    """A note's heading that closes the title and opens a script is only words."""
    build(own)
    soup = BeautifulSoup((own.site / "notes" / "mine.html").read_text("utf-8"), "html.parser")
    assert soup.title.text.startswith("</title><script>alert('t')</script>")
    assert [script for script in soup.find_all("script") if "alert(" in script.text] == []
    assert metas(own, "notes/mine.html")["og:title"] == "</title><script>alert('t')</script>"


@pytest.mark.slow
def test_a_second_rendering_draws_no_second_card(own: Workspace) -> None:
    """The card is kept until something on it changes."""
    settings(own, address=ADDRESS)
    assert any(path.name == "share.png" for path in render(gather(own)).written)
    assert render(gather(own)).written == ()
    kept = list((own.cache / "card").iterdir())
    settings(own, address=ADDRESS, name="Ada")
    assert any(path.name == "share.png" for path in render(gather(own)).written)
    assert len(list((own.cache / "card").iterdir())) == len(kept) + 1


def grade(own: Workspace, *words: str) -> subprocess.CompletedProcess[str]:
    """``grade`` in the clone."""
    return subprocess.run(
        [sys.executable, "-m", "grader", *words], cwd=own.root, capture_output=True, text=True
    )


@pytest.mark.slow
def test_export_alone_writes_all_four_and_again(own: Workspace) -> None:
    """The folder is made, what was exported before is replaced, and the line is printed."""
    settings(own, name="Ada", address=ADDRESS)
    for _ in range(2):
        done = grade(own, "export")
        assert (done.returncode, done.stderr) == (0, "")
        settings(own, name="Bea", address=ADDRESS)
    names = {path.name for path in (own.root / "export").iterdir()}
    assert names == {"report.html", "progress.json", "badge.svg", "share.png"}
    assert json.loads((own.root / "export" / "progress.json").read_text("utf-8"))["name"] == "Bea"
    count = len(list(Session.open(own).course.iterate_exercises()))
    assert f"[![Groundwork: 0 of {count}]({ADDRESS}/assets/badge.svg)]({ADDRESS}/)" in done.stdout


@pytest.mark.slow
def test_nothing_private_is_exported(own: Workspace) -> None:
    """No word of the log or the notes, no path, no code."""
    grade(own, "export")
    for name in ("report.html", "progress.json", "badge.svg"):
        text = (own.root / "export" / name).read_text("utf-8")
        assert not re.search(r"secret|exercises/|\bdef |docs/", text), name
        assert str(own.root) not in text


@pytest.mark.slow
@pytest.mark.parametrize("why", ["a file of mine", "an export that I changed", "a link"])
def test_export_replaces_nothing_that_it_did_not_make(own: Workspace, why: str) -> None:
    """It stops before it writes anything, names the file, and does it when told to."""
    report, data = own.root / "r.html", own.root / "d.json"
    other = own.root / "other.html"
    other.write_text("other")
    if why == "a link":
        report.symlink_to(other)
    elif why == "a file of mine":
        report.write_text("mine")
    else:
        grade(own, "export", "--html", "r.html")
        report.write_text(report.read_text("utf-8") + "<!-- mine -->", "utf-8")
    before = report.read_bytes()
    refused = grade(own, "export", "--json", "d.json", "--html", "r.html")
    assert refused.returncode == 2 and "r.html" in refused.stderr and "--force" in refused.stderr
    assert report.read_bytes() == before and not data.exists()
    assert grade(own, "export", "--html", "r.html", "--force").returncode == 0
    assert report.read_text("utf-8").startswith("<!doctype html>")
    assert other.read_text() == "other"


@pytest.mark.slow
@pytest.mark.parametrize("place", ["nowhere/r.html", "docs"])
def test_export_names_a_place_that_will_not_do(own: Workspace, place: str) -> None:
    """A missing folder and a folder's name are usage errors."""
    done = grade(own, "export", "--html", place)
    assert done.returncode == 2 and place.partition("/")[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_export_refuses_one_name_for_two_files(own: Workspace) -> None:
    """Neither would be what was asked for."""
    done = grade(own, "export", "--html", "x", "--json", "x")
    assert done.returncode == 2 and not (own.root / "x").exists()


@pytest.mark.slow
def test_render_alone_writes_the_pages(own: Workspace) -> None:
    """``grade site render`` says how many, and a second time that none changed."""
    first, second = grade(own, "site", "render"), grade(own, "site", "render")
    assert re.match(r"[1-9]\d* files written", first.stdout)
    assert second.stdout.startswith("0 files written, 0 removed in .groundwork/docs")
    assert (own.rendered / "index.md").is_file()
