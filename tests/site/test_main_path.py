"""The main path on the pages: home, tracker and the pages of exercises."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from site_workspace import MAIN_PATH, attempt, lay

from grader.base.paths import Workspace
from grader.learner.records import Records
from grader.site.gather import gather
from grader.site.render import build_files


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of three exercises, of which the path has two; nothing is passed."""
    own = lay(tmp_path_factory.mktemp("path") / "ws")
    with own.course_file.open("a", encoding="utf-8") as file:
        file.write(MAIN_PATH)
    unit = own.locate_unit_file("numbers")
    text = unit.read_text("utf-8")
    unit.write_text(
        text.replace("[numbers/double, attention/softmax]", "[numbers/double]"), "utf-8"
    )
    return own.root


@pytest.fixture
def own(laid: Path, tmp_path: Path) -> Workspace:
    """A copy of it for one test."""
    return Workspace(Path(shutil.copytree(laid, tmp_path / "own", symlinks=True)))


def render(own: Workspace, *passed: str) -> dict[str, str]:
    """The Markdown of all pages, with these exercises passed."""
    for exercise in passed:
        Records(own.progress).record(attempt(own, exercise, "2026-11-20"))
    return {name: page for name, page in build_files(gather(own)).items() if isinstance(page, str)}


def test_the_home_page_shows_path_and_milestones(own: Workspace) -> None:
    """How far the path is, each milestone with its state and its text, how many are optional."""
    page = render(own, "numbers/double")["index.md"]
    part = BeautifulSoup(page.partition("## [Milestones]")[2].partition("\n## ")[0], "html.parser")
    assert "1 other exercise is optional." in part.text
    assert "1 of 2 passed" in part.text
    item = part.select_one(".gw-milestones li")
    assert item is not None and item.get_text(" ").split() == (
        ["It", "*counts*", "◆", "reached", "A", "number", "&", "its", "double."]
    )


def test_the_home_page_offers_optional_exercises_after_a_milestone(own: Workspace) -> None:
    """With the next exercise, and no longer once that is passed and an optional one is next."""
    offer = "Optional exercises that you can do now"
    home = render(own, "numbers/double")["index.md"]
    assert f'{offer}: <a href="units/numbers/triple.html">Triple</a>.' in home
    home = render(own, "attention/softmax")["index.md"]
    assert offer not in home and "## Next: [Triple]" in home and "· optional · about" in home


def test_a_fresh_home_page_says_where_the_path_leads(own: Workspace) -> None:
    """How long it is, and at each milestone after how long one is there and what one has."""
    home = render(own)["index.md"]
    assert "has 2 exercises, estimated at 21 min. 1 other exercise is optional." in home
    assert "- **It &#42;counts&#42;**, after about 1 min: A number &#38; its double." in home


def test_the_tracker_has_milestones_and_the_place_of_each_exercise(own: Workspace) -> None:
    """One row for each milestone; exercises in course order, numbered or optional."""
    page = BeautifulSoup(render(own)["tracker.md"], "html.parser")
    milestones, exercises = page.find_all("table")[0], page.select_one("table.gw-sort")
    assert [cell.text for cell in milestones.find_all("td")] == [
        "It *counts*",
        "◇ after 1 more exercise",
        "A number & its double.",
        "Double",
    ]
    assert exercises is not None
    rows = [[cell.text for cell in row.find_all("td")] for row in exercises.tbody.find_all("tr")]
    assert [(row[0], row[-1]) for row in rows] == [
        ("Double", "1"),
        ("Softmax", "2"),
        ("Triple", "optional"),
    ]


def test_the_page_of_an_exercise_leads_along_the_path(own: Workspace) -> None:
    """To the exercises before and after in course order; an optional one says so."""
    pages = render(own)
    softmax = BeautifulSoup(pages["units/attention/softmax.md"], "html.parser")
    links = {link["rel"][0]: link["href"] for link in softmax.select(".gw-neighbours a")}
    assert links == {
        "prev": "../numbers/double.html",
        "up": "../../map.html",
        "next": "../numbers/triple.html",
    }
    first = BeautifulSoup(pages["units/numbers/double.md"], "html.parser")
    assert first.select_one(".gw-neighbours [rel=prev]") is None
    facts = pages["units/numbers/triple.md"].splitlines()[2]
    assert facts.endswith("· optional")
    assert "optional" not in pages["units/numbers/double.md"].splitlines()[2]


def test_without_a_path_no_page_speaks_of_one(tmp_path: Path) -> None:
    """A course whose course.yml has no spine has the pages that it had before."""
    pages = render(lay(tmp_path / "ws"), "numbers/double")
    for name in ("index.md", "map.md", "tracker.md", "units/numbers/double.md"):
        text = pages[name].lower()
        assert [word for word in ("main path", "milestone", "optional") if word in text] == [], name
