"""Tags of notes and log have pages, which nothing that a tag says can lead astray."""

from __future__ import annotations

from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import pytest
from built_page import page, words
from site_workspace import lay

from grader.base.paths import Workspace
from grader.learner.journal import Journal
from grader.site import build, gather
from grader.site.page_paths import locate_tag
from grader.site.render import build_files
from grader.site.tag_index import make_key

NOTES = {
    "one.md": "---\ntags: [BPE, deep learning, 2024]\n---\n\n# One\n\n"
    "> [!question]- Why #cards?\n> So.\n",
    "deep/two.md": "# Two\n\nAbout #bpe, #attention/heads and `#code`.\n",
    "three.md": "# Three\n\n#con #index/tags #attention\n",
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with tags in notes and log, its site built."""
    own = lay(tmp_path_factory.mktemp("tags") / "ws")
    for name, text in NOTES.items():
        path = own.notes / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    Journal(own.log).add(date(2026, 11, 22), "read about #bpe")
    Journal(own.log).add(date(2026, 11, 23), "again #BPE and #attention/heads")
    build(own)
    return own


@pytest.mark.slow
def test_the_index_counts_notes_and_days(own: Workspace) -> None:
    """Each tag as it was written first; one counts for those above it, whatever its case."""
    rows = page(own, "tags/index.html").select("tbody tr")
    assert [[words(cell) for cell in row.select("td")] for row in rows] == [
        ["#attention", "2", "1"],
        ["#attention/heads", "1", "1"],
        ["#bpe", "2", "2"],
        ["#cards", "1", "0"],
        ["#con", "1", "0"],
        ["#deep-learning", "1", "0"],
        ["#index", "1", "0"],
        ["#index/tags", "1", "0"],
    ]


@pytest.mark.slow
def test_a_tags_page_lists_its_notes_and_days(own: Workspace) -> None:
    """With links to them, the newest day first, and to the tags below it."""
    bpe = page(own, "tags/bpe.html")
    links = {words(a): a["href"] for a in bpe.select("li a") if ".." in a["href"]}
    assert links["One"] == "../notes/one.html"
    assert links["Two"] == "../notes/deep/two.html"
    days = [name for name in links if "November" in name and "2026" in name]
    assert days[0].startswith("Monday, 23")
    above = page(own, "tags/attention.html")
    assert above.find("a", string="#attention/heads")["href"] == "attention/heads.html"


@pytest.mark.slow
def test_tags_lead_to_their_pages(own: Workspace) -> None:
    """In a note, in its front matter, on a card and in the log; code and numbers lead nowhere."""
    for name, tag, there in [
        ("notes/deep/two.html", "#bpe", "../../tags/bpe.html"),
        ("notes/deep/two.html", "#attention/heads", "../../tags/attention/heads.html"),
        ("notes/one.html", "#BPE", "../tags/bpe.html"),
        ("notes/one.html", "#deep-learning", "../tags/deep-learning.html"),
        ("cards.html", "#cards", "tags/cards.html"),
        ("log/2026-11-23.html", "#BPE", "../tags/bpe.html"),
    ]:
        link = page(own, name).find("a", string=tag)
        assert link["href"] == there, name
        assert (own.site / PurePosixPath(name).parent / unquote(link["href"])).is_file()
    assert not page(own, "notes/deep/two.html").find("a", string="#code")
    assert "Tags: #BPE, #deep-learning, 2024" in page(own, "notes/one.html").text


def test_without_tags_there_is_no_page(tmp_path: Path) -> None:
    """Nothing leads to an empty index."""
    own = lay(tmp_path / "ws")
    own.notes.mkdir(parents=True)
    (own.notes / "a.md").write_text("# A\n\n[b](https://a.b/#c) `#d`\n")
    files = build_files(gather(own))
    assert not [name for name in files if name.startswith("tags/")]
    assert "tags/" not in str(files["notes/index.md"])


TAGS = [
    *("index", "README", "tag", "con", "NUL", "a", "a/b", "a-b", "a_b", "a/index", "aux/a"),
    *("straße", "ÅNGSTRÖM", "x" * 100, "x" * 99 + "y", "注" * 100, "注" * 99 + "意"),
]


def test_no_two_tags_share_a_page_and_none_leaves_the_folder() -> None:
    """Not with names that a system reserves, with long ones, or where case does not count."""
    pages = [locate_tag(make_key(tag)) for tag in TAGS]
    assert len({name.casefold() for name in pages}) == len(TAGS)
    for name in pages:
        parts = PurePosixPath(name).parts
        assert parts[0] == "tags"
        assert ".." not in parts
        assert all(len(part.encode()) <= 255 for part in parts)
        stems = {part.partition(".")[0] for part in parts}
        assert not stems & {"con", "nul", "aux", "readme"}
        assert name != "tags/index.md"
