"""The home page before the first attempt, and how it says what there is not yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from site_workspace import attempt, lay
from studied_course import course

from grader.base.paths import Workspace
from grader.learner.journal import Journal
from grader.learner.records import Records
from grader.site.gather import gather
from grader.site.render import build_files

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    """A fresh clone of a small course, whose last phase has no exercises."""
    own = lay(tmp_path / "ws")
    text = own.course_file.read_text("utf-8")
    own.course_file.write_text(f"summary: Count *slowly*.\ngoal: A counter.\n{text}", "utf-8")
    return own


def render_page(own: Workspace, name: str) -> str:
    """The Markdown of a page."""
    page = build_files(gather(own))[name]
    assert isinstance(page, str)
    return page


def test_a_fresh_home_says_what_it_is_and_how_to_begin(own: Workspace) -> None:
    """One sentence, the first exercise with the command to paste, what is built at the end."""
    home = render_page(own, "index.md")
    assert "Count &#42;slowly&#42;." in home
    assert "## First step: [Softmax](units/attention/softmax.md)" in home
    assert "<pre><code>grade attention/softmax</code></pre>" in home
    assert "exercises/attention/softmax.py" in home
    assert "## What you will have built\n\nA counter." in home
    assert "- **First steps**, 3 exercises, estimated at 26 min: [Attention]" in home
    assert "- **Second steps**: coming later" in home
    assert "- Explain how it works." in home


def test_a_fresh_home_has_no_charts_and_no_zeros(own: Workspace) -> None:
    """No bar, no calendar, no key figures, nothing that is 0."""
    home = render_page(own, "index.md")
    assert [
        sign for sign in ("<svg", "gw-figures", "## The year", "0 of", " 0 ") if sign in home
    ] == []


def test_a_course_without_these_sentences_has_the_page_without_them(tmp_path: Path) -> None:
    """Summary and goal are optional in course.yml."""
    home = render_page(lay(tmp_path / "ws"), "index.md")
    assert "# A language model, built from scratch\n\n## First step" in home


@pytest.mark.parametrize("begun", ["attempt", "log", "skip"])
def test_whoever_has_begun_sees_their_progress(own: Workspace, begun: str) -> None:
    """An attempt, a line in the log or a skipped exercise brings the charts."""
    if begun == "attempt":
        failed = attempt(own, "numbers/double", "2026-11-20", verdict="failed")
        Records(own.progress).record(failed)
    elif begun == "log":
        Journal(own.log).add(date(2026, 11, 20), "read a paper")
    else:
        Records(own.progress).skip("numbers/double")
    home = render_page(own, "index.md")
    assert "## Progress" in home and "First step:" not in home


def test_the_installation_is_that_of_the_readme(tmp_path: Path) -> None:
    """The commands that a visitor pastes are the README's, line by line."""
    home = render_page(course(tmp_path / "ws"), "index.md")
    fence = home.partition("```sh\n")[2].partition("```")[0]
    readme = (REPO / "README.md").read_text("utf-8")
    commands = [line.strip() for line in fence.strip().splitlines()]
    assert len(commands) == 2
    assert [line for line in commands if line not in readme] == []


def test_not_started_and_coming_later_are_two_states(own: Workspace) -> None:
    """What has exercises is not started; what has none yet is coming later, on every page."""
    tracker, pace = render_page(own, "tracker.md"), render_page(own, "pace.md")
    first, second = tracker.partition("## Second steps")[::2]
    assert "not started" in first and "coming later" not in first
    assert "coming later" in second.partition("## All exercises")[0]
    assert "not started" not in second.partition("## All exercises")[0]
    first, second = pace.partition("Second steps")[::2]
    assert "coming later" not in first and second.count("coming later") == 1
