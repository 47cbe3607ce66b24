"""Notes and exercises that speak of one another, on the pages that the tool renders."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from grader.base.paths import Workspace
from grader.learner.notes import Notes, rendering
from grader.learner.notes.executed import save_executed
from grader.site.gather import gather
from grader.site.render import build_files, render
from grader.site.site_data import SiteData

REPO = Path(__file__).resolve().parents[2]
PNG = b"\x89PNG\r\n\x1a\n not a real one"
TOKEN = "ghp_" + "aZ9k" * 9


def workspace(root: Path) -> Workspace:
    """The real course, and nothing of a learner's."""
    root.mkdir(parents=True)
    for folder in ("curriculum", "solutions"):
        (root / folder).symlink_to(REPO / folder)
    shutil.copytree(REPO / "docs" / "assets", root / "docs" / "assets")
    return Workspace(root)


def write(own: Workspace, place: str, text: str) -> Path:
    """A note of the learner's."""
    path = own.notes / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SiteData:
    """Notes that name exercises and each other in every way."""
    own = workspace(tmp_path_factory.mktemp("backlinks") / "ws")
    write(
        own,
        "front.md",
        "---\nabout: attention/softmax\n---\n\n# In front\n\nSee [[By mention]].\n",
    )
    write(own, "list.md", "---\nabout:\n  - blocks/gelu\n  - attention/softmax\n---\n# A list\n")
    write(own, "comma.md", "---\nabout: gelu, exercises/attention/softmax.py\n---\n# Commas\n")
    write(
        own, "unknown.md", "---\ntitle: x\nabout: [attention/nope, attention/softmax]\n---\nText\n"
    )
    write(
        own,
        "deep/link.md",
        "# By link\n\n[code](../../../exercises/attention/softmax.py) "
        "[lesson](../../../curriculum/blocks/gelu.md#x) [first](../front.md) [up](../list.md)\n",
    )
    write(own, "mention.md", "# By mention\n\nToday attention/softmax, and `blocks/gelu.py`.\n")
    write(
        own,
        "not.md",
        "# Not\n\nhttps://x.org/attention/softmax a/attention/softmax attention/softmax2 "
        "attention/softmax/x [away](https://x.org/exercises/attention/softmax.py)\n",
    )
    write(
        own,
        "wiki.md",
        "# Wiki\n\n[[in front]] [[LINK|the link]] [[deep/link#By link]] [[attention/softmax]] "
        "[[#Own]]\n\n"
        "## Own\n\n![[plot.png]] ![[plot.png|300]] ![[Plot.PNG|a curve]] [[nowhere]] "
        "![[gone.png]]\n\n"
        "tensor([[1, 2]]) [[a, b]] [[x]](front.md) `[[in front]]` <b>[[<i>]]</b>\n",
    )
    (own.notes / "pictures").mkdir()
    (own.notes / "pictures" / "plot.png").write_bytes(PNG)
    book = {"cells": [], "metadata": {"groundwork": {"about": ["softmax"]}}}
    write(own, "book.ipynb", json.dumps({**book, "nbformat": 4, "nbformat_minor": 5}))
    return gather(own)


@pytest.fixture(scope="module")
def files(site: SiteData) -> dict[str, str]:
    """The pages as Markdown, by their places on the site."""
    return {name: text for name, text in build_files(site).items() if isinstance(text, str)}


def test_notes_are_about_what_they_say_link_and_mention(site: SiteData) -> None:
    """Front matter, metadata, links and ids in the text count; addresses do not."""
    both = ("attention/softmax", "blocks/gelu")
    assert dict(site.backlinks.exercises) == {
        "front.md": both[:1],
        "list.md": both,
        "comma.md": both,
        "unknown.md": both[:1],
        "deep/link.md": both,
        "mention.md": both,
        "not.md": (),
        "wiki.md": both[:1],
        "book.ipynb": both[:1],
    }


def test_an_exercise_page_lists_its_notes(files: dict[str, str]) -> None:
    """By title, with a link; an exercise of which no note speaks has no such section."""
    page = files["units/blocks/gelu.md"]
    section = page.partition("## Notes about it")[2].partition("## ")[0]
    assert "[A list](../../notes/list.md)" in section
    assert "[By link](../../notes/deep/link.md)" in section
    assert section.count("- [") == 4
    assert "Notes about it" not in files["units/attention/flash.md"]


def test_a_note_page_says_what_it_is_about(files: dict[str, str]) -> None:
    """Above its text, in the order of the course; the index says it too."""
    assert "About [Softmax](../units/attention/softmax.md)\n" in files["notes/front.md"]
    assert "About" not in files["notes/not.md"]
    index = BeautifulSoup(files["notes/index.md"], "html.parser")
    (entry,) = [item for item in index.select("ul.gw-list > li") if item.a["href"] == "front.html"]
    assert entry.text.startswith("In front") and entry.text.endswith("About Softmax")
    assert entry.select_one("small a")["href"] == "../units/attention/softmax.html"


def test_notes_that_link_to_a_note_are_named_there(files: dict[str, str]) -> None:
    """Both links in Markdown and wikilinks count, each note once."""
    section = files["notes/front.md"].partition("## Mentioned in")[2]
    assert section.split() == ["-", "[By", "link](deep/link.md)", "-", "[Wiki](wiki.md)"]
    assert "- [In front](front.md)" in files["notes/mention.md"]
    assert "Mentioned in" not in files["notes/comma.md"]


def test_an_unknown_exercise_is_a_warning(site: SiteData) -> None:
    """It names the file, the line and the name; everything else goes on."""
    (told,) = site.backlinks.unknown
    path = site.workspace.notes / "unknown.md"
    assert told.startswith(f"{path}:3: no exercise is called 'attention/nope'")
    assert told in render(site).warnings


def test_wikilinks_lead_to_notes_and_pictures(files: dict[str, str]) -> None:
    """By path, name or title, in any case; a picture by its name wherever it lies."""
    page = files["notes/wiki.md"]
    assert '<a href="front.html" rel="noopener noreferrer">in front</a>' in page
    assert '<a href="deep/link.html" rel="noopener noreferrer">the link</a>' in page
    assert 'href="deep/link.html#by-link"' in page
    assert 'href="../units/attention/softmax.html"' in page
    assert 'href="wiki.html#own"' in page
    for alt in ("plot", "a curve"):
        assert f'<img src="pictures/plot.png" alt="{alt}">' in page


def test_wikilinks_that_lead_nowhere_stay_text(site: SiteData, files: dict[str, str]) -> None:
    """They are named in the owner's warning, unless they are only brackets of an array."""
    page = str(build_files(replace(site, is_preview=True))["notes/wiki.md"])
    text, _, warned = page.partition("Not everything could be shown")
    assert "matches no" not in files["notes/wiki.md"]
    for kept in ("[[nowhere]]", "![[gone.png]]", "tensor([[1, 2]])", "[[a, b]]", "[[&lt;i&gt;]]"):
        assert kept in text
    assert "[[nowhere]] matches no note" in warned
    assert "[[gone.png]] matches no note" in warned
    assert "1, 2" not in warned
    assert "a, b" not in warned


@pytest.mark.slow
@pytest.mark.parametrize(
    ("matter", "line"),
    [
        ("about: [a", 2),
        ("title: x\nabout: {a: b}", 3),
        ("title: 'x", 2),
        ("- a\n- b", 2),
        ("about:\n  - [a]", 2),
        ("a: 1\n\tb: 2", 3),
        ("x: " + "[" * 5000, 1),
    ],
)
def test_broken_front_matter_is_told_with_its_line(tmp_path: Path, matter: str, line: int) -> None:
    """The note is shown all the same."""
    (tmp_path / "a.md").write_text(f"---\n{matter}\n---\n\n# Fine\n\nText\n")
    (note,) = Notes(tmp_path, tmp_path / ".cache").read()
    assert note.title == "Fine"
    assert not note.fault
    assert note.warnings[0].startswith(f"line {line}: ")
    assert "Text" in rendering.render_html(note.parts[0], lambda tag, address: None)


def test_what_should_not_be_published_is_named_at_the_build(tmp_path: Path) -> None:
    """A note, a day and a notebook: the path, the line or the cell, and never the whole secret."""
    own = workspace(tmp_path / "ws")
    note = write(own, "a.md", f"# A\n\nfine\n{TOKEN}\n")
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "fine"},
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": 1,
            "source": f"x = 1\ntoken = '{TOKEN}'",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "\n\n/home/ada/llm\n"},
                {"output_type": "display_data", "metadata": {}, "data": {"image/png": "aGk="}},
            ],
        },
    ]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    book = write(own, "b.ipynb", json.dumps(whole))
    own.log.mkdir(parents=True)
    (own.log / "2026-11-22.md").write_text(f"# x\n\n- see C:\\Users\\Ada {TOKEN}\n")
    for _ in range(2):  # the second time from the cache
        warned = [w for w in render(gather(own)).warnings if "before you publish" in w]
        assert [w.partition(" (")[0] for w in warned] == [
            f"{note}:4: a GitHub token",
            f"{book}: cell 2, line 2: a GitHub token",
            f"{book}: cell 2, in an output, line 3: a home path",
            f"{own.log / '2026-11-22.md'}:3: a home path",
            f"{own.log / '2026-11-22.md'}:3: a GitHub token",
        ]
        assert TOKEN not in "".join(warned)


@pytest.mark.slow
def test_a_page_says_when_its_outputs_come_from_a_run(tmp_path: Path) -> None:
    """The word is there for the very source that was run, and gone when the notebook changes."""
    own = workspace(tmp_path / "ws")
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "1"}
    whole = {"metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    stored = {**whole, "cells": [{**cell, "outputs": []}]}
    path = write(own, "a.ipynb", json.dumps(stored))
    printed = {"output_type": "stream", "name": "stdout", "text": "from the run"}
    ran = {**whole, "cells": [{**cell, "outputs": [printed]}]}
    save_executed(own.cache / "notes", path.read_bytes(), ran, "2026-11-24")
    page = build_files(gather(own))["notes/a.md"]
    assert "with `--execute`, on 24 November 2026." in str(page)
    assert "from the run" in str(page)
    write(own, "a.ipynb", json.dumps({**stored, "metadata": {"changed": True}}))
    page = build_files(gather(own))["notes/a.md"]
    assert "--execute" not in str(page)
    assert "from the run" not in str(page)
