"""Zensical, Material's successor, builds the same site from the same files."""

import subprocess
import sys
from pathlib import Path

import busy_learner
import pytest
from bs4 import BeautifulSoup, Tag

from grader.site import build, render_all

pytest.importorskip("zensical", reason="Zensical is not installed: pip install zensical")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The site by MkDocs, and by Zensical after ``grade site render`` and nothing else."""
    folder = tmp_path_factory.mktemp("both")
    own = busy_learner.lay(folder / "ws")
    (own.notes / "evil.md").write_text("# &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;\n")
    build(own, site=folder / "mkdocs")
    render_all(own)
    subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=own.root,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / "mkdocs", own.site


def pages(site: Path) -> set[str]:
    """The pages of a site, by their places in it."""
    return {path.relative_to(site).as_posix() for path in site.rglob("*.html")}


def page(site: Path, place: str) -> Tag:
    """A page as data."""
    return BeautifulSoup((site / place).read_text("utf-8"), "html.parser")


def words(site: Path, place: str) -> str:
    """What a page says, without the signs that link to its headings."""
    content = page(site, place).find("article")
    assert isinstance(content, Tag)
    for tag in content.select(".headerlink, .md-content__button, .md-source-file"):
        tag.decompose()
    return " ".join(content.get_text(" ").split())


def test_both_build_the_same_pages(both: tuple[Path, Path]) -> None:
    """No page is missing, and none is there that the other does not know."""
    mkdocs, zensical = both
    assert pages(zensical) == pages(mkdocs)
    assert len(pages(zensical)) > 60


def test_both_say_the_same(both: tuple[Path, Path]) -> None:
    """Word for word, on every page but the one for addresses that are gone."""
    mkdocs, zensical = both
    places = pages(mkdocs) - {"404.html"}
    assert [p for p in sorted(places) if words(mkdocs, p) != words(zensical, p)] == []


def test_formulas_foldings_pictures_and_share_card_are_there(both: tuple[Path, Path]) -> None:
    """What needs an extension or the template works in both."""
    for site in both:
        softmax = page(site, "units/attention/softmax.html")
        assert len(softmax.find_all("math")) > 5
        assert [d.summary.text for d in softmax.select("details.question")][:1] == ["Hint 1 of 3"]
        (image,) = softmax.find_all("meta", property="og:image")
        assert image["content"] == "https://example.org/llm/assets/share.png"
        assert page(site, "index.html").select("svg.gw-bar rect.gw-passed")
        assert (site / "assets" / "share.png").is_file()


def test_titles_are_words_in_both(both: tuple[Path, Path]) -> None:
    """A heading that would close the title and open a script does neither."""
    for site in both:
        evil = page(site, "notes/evil.html")
        assert evil.title.text.startswith("</title><script>alert(1)</script>")
        assert [s for s in evil.find_all("script") if "alert(" in s.text] == []


def test_sections_lead_to_their_first_pages(both: tuple[Path, Path]) -> None:
    """The navigation of mkdocs.yml is there; the pages below come by links, as documented."""
    _, zensical = both
    tabs = {a.get_text(strip=True) for a in page(zensical, "index.html").select("a.md-tabs__link")}
    assert {"Home", "Log", "Notes"} <= tabs
