"""How one finds one's way: sidebar, marks, landing page of the log, index of the notes, guide."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from built_page import page, words
from site_workspace import attempt, lay

from grader.base.paths import Workspace
from grader.course.loader.loading import load
from grader.learner.journal import Journal
from grader.learner.notes import markup
from grader.learner.records import Records
from grader.services.session import Session
from grader.site import build, gather, render
from grader.site.builder.sidebar import Sidebar
from grader.site.links import LinkResolver
from grader.site.navigation import build_navigation
from grader.site.pages.log import render_pages as render_log
from grader.site.pages.sidebar_states import PLACE

pytestmark = pytest.mark.slow

EVIL = "<script>alert('x')</script> \"quoted\" | *b*"
NOTES = {
    "dated.md": f"---\ndate: 2026-11-20\ntags: [maths, 'deep learning']\n---\n"
    f"# {EVIL}\n\nA {EVIL}.\n",
    "2026-10-05-named.md": "# Named\n\n> a quotation\n\n![](x.png)\n\n"
    "The **first** `words` #maths.\n",
    "plain.md": "# Plain\n\n[Softmax](../../exercises/attention/softmax.py)\n",
    "deep/strange.md": "---\ndate: a Tuesday\n---\n# Strange\n\n" + "long " * 100 + "\n",
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A learner of the small course: one pass, notes, the project's documentation, all built."""
    own = lay(tmp_path_factory.mktemp("navigation") / "ws")
    Records(own.progress).record(attempt(own, "numbers/double", "2026-11-22"))
    for place, text in NOTES.items():
        (own.notes / place).parent.mkdir(parents=True, exist_ok=True)
        (own.notes / place).write_text(text, "utf-8")
    for name in ("commands", "settings", "architecture", "performance", "quality", "json", "new"):
        (own.handwritten / f"{name}.md").write_text(f"# About {name}\n", "utf-8")
    build(own)
    return own


def whole(own: Workspace, name: str) -> BeautifulSoup:
    """A built page with all that is around its content."""
    return BeautifulSoup((own.site / name).read_text("utf-8"), "html.parser")


# The sidebar


def test_the_sidebar_names_what_its_links_are_about(own: Workspace) -> None:
    """Units and the exercises of this one, the page itself too, in the drawer as in the sidebar."""
    double = whole(own, "units/numbers/double.html")
    named = {a["data-of"]: words(a) for a in double.select(".md-nav--primary a[data-of]")}
    assert named == {
        "attention": "Attention",
        "numbers": "Numbers",
        "numbers/double": "Double",
        "numbers/triple": "Triple",
    }
    label = double.select_one(".md-nav--primary label[for=__toc]")
    assert label is not None and label["data-of"] == "numbers/double"
    assert not whole(own, "glossary.html").select("[data-of]")


def test_a_style_sheet_marks_the_states(own: Workspace) -> None:
    """Each exercise and unit once, with the sign and, for screen readers, the word."""
    css = (own.site / PLACE).read_text("utf-8")
    rules = re.findall(
        r':is\((.*?)\)[^{]*\{\s*color: var\(--gw-(\w+)\);.*?/ "(.*?)";', css, re.DOTALL
    )
    found = {name: rule[1:] for rule in rules for name in re.findall(r'"(.*?)"', rule[0])}
    assert found == {
        "attention": ("open", "not started: "),
        "attention/softmax": ("open", "not started: "),
        "numbers": ("started", "1 of 2: "),
        "numbers/double": ("passed", "passed: "),
        "numbers/triple": ("open", "not started: "),
    }
    assert "assets/states.css" in str(whole(own, "index.html").head)


def test_a_pass_changes_no_page_that_only_has_the_sidebar(tmp_path: Path) -> None:
    """The marks change in one small file; the pages of other exercises are not built again."""
    own = lay(tmp_path / "ws")
    before = render(gather(own)).written
    assert own.rendered / "units/attention/softmax.md" in before
    sidebar = Sidebar.describe(load(own))
    Records(own.progress).record(attempt(own, "numbers/double", "2026-11-22"))
    changed = {p.relative_to(own.rendered).as_posix() for p in render(gather(own)).written}
    assert PLACE in changed and "units/numbers/double.md" in changed
    assert "units/attention/softmax.md" not in changed
    assert Sidebar.describe(load(own)) == sidebar


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        ("units/attention/softmax", None, "../numbers/double.html"),
        ("units/numbers/double", "../attention/softmax.html", "triple.html"),
        ("units/numbers/triple", "double.html", None),
        ("units/attention/index", None, "../numbers/index.html"),
        ("units/numbers/index", "../attention/index.html", None),
    ],
)
def test_previous_and_next_are_in_the_sidebar_and_below(
    own: Workspace, place: str, before: str | None, after: str | None
) -> None:
    """Of exercises and of units, in course order; the ends lead one way."""
    soup = whole(own, f"{place}.html")
    for where in (".md-sidebar--primary .gw-beside", "article .gw-neighbours"):
        links = {a["rel"][0]: a["href"] for a in soup.select(f"{where} a") if a["rel"] != ["up"]}
        assert links == {k: v for k, v in (("prev", before), ("next", after)) if v}, where
    folder = (own.site / place).parent
    assert all((folder / there).is_file() for there in (before, after) if there)


# The exercise's page


def test_the_page_of_an_exercise_folds_what_a_visitor_does_not_need(own: Workspace) -> None:
    """Checks, hints, history and code, each below a heading that the table of contents has."""
    double = whole(own, "units/numbers/double.html")
    contents = [words(a) for a in double.select(".md-sidebar--secondary .md-nav__link")]
    article = double.article
    assert isinstance(article, Tag)
    folds = article.select("details")
    heads = [words(h) for fold in folds if (h := fold.find_previous("h2")) is not None]
    assert heads == ["Checks", *["Hints"] * 3, "History", "Reference"]
    assert set(heads) <= set(contents)
    assert [fold for fold in folds if fold.has_attr("open")] == []
    assert next(words(f.summary) for f in folds if f.summary) == (
        "1 claim, 1 passed in the last attempt"
    )


def test_checks_that_failed_are_open(tmp_path: Path) -> None:
    """What the learner works on is in sight."""
    own = lay(tmp_path / "ws")
    failed = {"verdict": "failed", "checks": {"test_two": "failed"}}
    Records(own.progress).record(attempt(own, "numbers/double", "2026-11-22", **failed))
    render(gather(own))
    text = (own.rendered / "units/numbers/double.md").read_text("utf-8")
    checks = BeautifulSoup(text.partition("## Checks")[2].partition("\n## ")[0], "html.parser")
    fold = checks.details
    assert fold is not None and fold.has_attr("open")
    assert words(fold).endswith("1 It is double. ✕ failed")


# The log


def landing(own: Workspace, today: date) -> str:
    """The log's landing page on a day."""
    from dataclasses import replace

    site = replace(gather(own), today=today)
    return render_log(site, LinkResolver(site))["log/index.md"]


def test_the_log_opens_with_the_current_month(tmp_path: Path) -> None:
    """Its days as on its own page, the way to the month before, and all months below."""
    own = lay(tmp_path / "ws")
    for day, text in [
        ((2026, 9, 3), "long ago"),
        ((2026, 11, 2), "lately"),
        ((2027, 1, 1), "later"),
    ]:
        Journal(own.log).add(date(*day), text)
    text = landing(own, date(2026, 11, 30))
    first, _, rest = text.partition("## All months")
    assert "## [Monday, 2 November 2026](2026-11-02.md)" in first and "lately" in first
    assert "long ago" not in first and "later" not in first
    assert "Nothing in" not in first
    soup = BeautifulSoup(first, "html.parser")
    links = {a["rel"][0]: a["href"] for a in soup.select(".gw-neighbours a")}
    assert links == {"prev": "2026-09.html", "up": "index.html#all-months", "next": "2027-01.html"}
    assert [f"[{m}](" in rest for m in ("January 2027", "November 2026", "September 2026")] == [
        *(True, True, True)
    ]


def test_a_month_without_a_day_shows_the_last_one(tmp_path: Path) -> None:
    """It says so; a log without any day is only introduced."""
    own = lay(tmp_path / "ws")
    assert "##" not in landing(own, date(2026, 12, 1)).replace("# Log", "")
    Journal(own.log).add(date(2026, 10, 30), "words")
    text = landing(own, date(2026, 12, 1))
    assert "Nothing in December 2026 yet." in text
    assert text.index("Nothing in") < text.index("**[October 2026](2026-10.md)**: 1 day written")
    assert "words" in text


# The notes


def entries(own: Workspace) -> dict[str, Tag]:
    """The entries of the index, by the addresses of their notes."""
    index = page(own, "notes/index.html")
    return {str(item.a["href"]): item for item in index.select("ul.gw-list > li") if item.a}


def test_the_index_of_the_notes_has_dates_tags_and_first_words(own: Workspace) -> None:
    """The date of the front matter or of the name, as it was written where it is no date."""
    found = {place: words(item) for place, item in entries(own).items()}
    assert found["2026-10-05-named.html"] == "Named 5 October 2026 The first words . #maths"
    assert found["dated.html"].startswith("alert('x') \"quoted\" | b 20 November 2026 A alert")
    assert found["dated.html"].endswith("#maths #deep-learning")
    assert found["plain.html"] == "Plain Softmax About Softmax"
    assert found["deep/strange.html"].startswith("Strange a Tuesday long long")
    assert found["deep/strange.html"].endswith("…") and len(found["deep/strange.html"]) < 200
    assert page(own, "notes/index.html").find("script") is None


def test_entries_carry_what_they_are_filtered_by(own: Workspace) -> None:
    """Numbers of the tags and of the exercises that the place of the controls lists."""
    place = page(own, "notes/index.html").select_one(".gw-filters")
    assert place is not None
    assert place["data-facets"] == (
        '[["Tag", ["#deep-learning", "#maths"]], ["Exercise", ["Softmax"]]]'
    )
    marks = {where: item["data-facets"] for where, item in entries(own).items()}
    assert marks == {
        "dated.html": "0 1|",
        "2026-10-05-named.html": "1|",
        "plain.html": "|0",
        "deep/strange.html": "|",
    }


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("# A\n\nOne **two** [three](x.md)\nfour.\n\nMore.\n", "One two three four."),
        ("---\ndate: x\n---\n# A\n\n> [!question] Q\n> secret answer\n\nAfter.\n", "After."),
        ("%%hidden%%\n\n```\ncode\n```\n\n- an item\n", "an item"),
        ("# Only a heading\n\n| a |\n|--|\n| b |\n", ""),
        ("![](picture.png)\n\nBelow it.\n", "Below it."),
        ("word " * 30, "word word word word word …"),
    ],
)
def test_an_excerpt_is_the_first_paragraph(text: str, excerpt: str) -> None:
    """Without markup, comments, code, quotations and tables, cut between words."""
    assert markup.extract_excerpt(text, 27) == excerpt


# The guide


def test_the_guide_opens_with_the_commands(own: Workspace) -> None:
    """What explains the project itself is a section of its own, and a new page is at the end."""
    site = gather(own)
    import yaml

    text = own.mkdocs_file.read_text("utf-8").partition("\nnav:")[2].partition("\n\n")[0]
    nav = build_navigation(yaml.safe_load(text), site, LinkResolver(site))
    (guide,) = [section["Guide"] for section in nav if "Guide" in section]
    assert [next(iter(item)) for item in guide] == [
        *("Commands", "Settings", "About Groundwork", "About new"),
    ]
    about = guide[2]["About Groundwork"]
    assert [next(iter(item.values())) for item in about] == [
        f"guide/{name}.md" for name in ("architecture", "performance", "quality", "json")
    ]
    tab = whole(own, "index.html").find("a", class_="md-tabs__link", string=re.compile("Guide"))
    assert isinstance(tab, Tag) and tab["href"] == "guide/commands.html"


def test_a_clone_without_documentation_has_no_guide(tmp_path: Path) -> None:
    """Neither a section nor a link that leads nowhere."""
    own = lay(tmp_path / "ws")
    site = gather(own)
    sections = [{"Home": "index.md"}, {"Guide": [{"Commands": "guide/commands.md"}]}]
    assert build_navigation(sections, site, LinkResolver(site)) == [{"Home": "index.md"}]


def test_a_share_keeps_its_sign_beside_it(own: Workspace) -> None:
    """No line ends between the number and the sign, wherever a share stands."""
    percent = Session.open(own).read_progress().total.percent
    for name in ("index.html", "tracker.html", "objectives.html"):
        text = page(own, name).get_text()
        assert re.search(r"\d\u00a0%", text), name
        assert not re.search(r"\d %", text), name
    assert f"{percent}\u00a0%" in page(own, "tracker.html").get_text()
