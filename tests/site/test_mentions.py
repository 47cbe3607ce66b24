"""What an entry mentions: found as it is named, linked on the page, and listed by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from grader.base.paths import Workspace
from grader.course.model import Course, Exercise, Phase, Resource, Unit
from grader.learner.journal import Entry
from grader.learner.notes import Note, rendering
from grader.learner.progress import survey
from grader.learner.reading_list import join_lists
from grader.site.links import LinkResolver
from grader.site.mentions import find_mention_days, link_mentions
from grader.site.name_index import NameIndex
from grader.site.site_data import SiteData

PAGE = "log/2026-11-22.md"
EXERCISE = Exercise("attention/softmax", "Softmax", "", ("softmax",), 20, ())
COURSE = Course(
    "A course",
    (Phase("one", "One", (1, 2), (Unit("attention", "Attention", "", (EXERCISE,)),)),),
    resources=(
        Resource("vaswani2017", "Attention", "paper", "https://arxiv.org/abs/1706.03762"),
        Resource("book", "A book", "book", "https://example.org/book"),
        Resource("cs336", "CS336", "course", "https://www.example.org/cs336/?a=1&b=2"),
    ),
)


def note(root: Path, place: str, title: str) -> Note:
    """A note at that place."""
    return Note(root / "docs" / "notes" / place, place, "markdown", title, ())


@pytest.fixture
def known(tmp_path: Path) -> NameIndex:
    """An exercise, two readings and four notes."""
    notes = (
        note(tmp_path, "deep/first note.md", "Why <b> & scaling help"),
        note(tmp_path, "bpe.md", "Merges"),
        note(tmp_path, "why.ipynb", "Why <b> & scaling"),
        note(tmp_path, "README.md", "My own notes"),
    )
    readings, progress = join_lists(COURSE, {}), survey(COURSE, {}, {})
    site = SiteData(Workspace(tmp_path), COURSE, progress, notes=notes, readings=readings)
    return NameIndex.build(COURSE, LinkResolver(site))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("did attention/softmax today", ["attention/softmax"]),
        ("(attention/softmax), then `x`", ["attention/softmax"]),
        ("exercises/attention/softmax.py:12.", ["attention/softmax"]),
        ("./exercises/attention/softmax.py and curriculum/attention/softmax.md", [EXERCISE.id] * 2),
        ("read vaswani2017: good", ["vaswani2017"]),
        ("https://arxiv.org/pdf/1706.03762v5.pdf", ["vaswani2017"]),
        ("http://example.org/cs336?a=1&b=2", ["cs336"]),
        ("http://example.org/cs336?a=1&b=3", []),
        ("http://example.org/cs336/?a=1&b=2#week", ["cs336"]),
        ("notes/deep/first%20note.md, ../notes/bpe.md and bpe.md", ["deep/first note.md"]),
        ("why <B> & Scaling help, yes", ["deep/first note.md"]),
        ("Why <b> & scaling, then", ["why.ipynb"]),
        ("and why <b> & scaling", ["why.ipynb"]),
        ("merges, softmax, attention, book, README.md", []),
        ("docs/notes/README.md", ["README.md"]),
        ("attention/softmaxes xattention/softmax", []),
        ("", []),
    ],
)
def test_things_are_found_by_what_they_are_called(
    known: NameIndex, text: str, names: list[str]
) -> None:
    """Ids, paths, addresses and titles of two words count; parts of other words do not."""
    found = [mention.target.id for mention in known.find_mentions(text)]
    assert found[: len(names)] == names
    assert bool(found) == bool(names)


def rendered_mentions(known: NameIndex, text: str) -> BeautifulSoup:
    """An entry's text as its page shows it."""
    clean = rendering.render_html(text, lambda tag, address: None)
    return BeautifulSoup(link_mentions(known, clean, PAGE), "html.parser")


def test_a_mention_becomes_a_link_from_the_days_page(known: NameIndex) -> None:
    """The words stay as they are, signs of HTML among them."""
    found = rendered_mentions(
        known, "- *attention/softmax* and why &lt;b> & scaling help & notes/bpe.md"
    )
    links = {a.text: a["href"] for a in found.find_all("a")}
    assert links == {
        "attention/softmax": "../units/attention/softmax.html",
        "why <b> & scaling help": "../notes/deep/first-note.html",
        "notes/bpe.md": "../notes/bpe.html",
    }
    assert found.text.strip() == "attention/softmax and why <b> & scaling help & notes/bpe.md"


@pytest.mark.parametrize(
    "text",
    [
        "`attention/softmax`",
        "```\nattention/softmax\n```",
        "    attention/softmax",
        "[see attention/softmax](https://e.org)",
        "https://arxiv.org/abs/1706.03762",
        "<a href='https://e.org'><b>attention/softmax</b></a>",
        "$attention/softmax$",
        "![attention/softmax](a.png)",
    ],
)
def test_code_formulas_and_links_are_left_as_they_are(known: NameIndex, text: str) -> None:
    """Nothing becomes a link inside them."""
    clean = rendering.render_html(text, lambda tag, address: None)
    assert link_mentions(known, clean, PAGE) == clean


HOSTILE = "attention/softmax <img src=x onerror=alert(1)> &lt;script&gt;alert(1)&lt;/script&gt;"


def test_linking_undoes_no_cleaning(known: NameIndex) -> None:
    """What was escaped stays escaped beside a link."""
    found = rendered_mentions(known, HOSTILE)
    assert {tag.name for tag in found.find_all(True)} <= {"p", "a", "img"}
    assert "<script>alert(1)</script>" in found.text


def test_days_are_listed_for_what_they_mention(known: NameIndex) -> None:
    """Newest first, each day once, links counted, code not."""
    texts = {
        20: "attention/softmax, attention/softmax",
        21: "[it](../../exercises/attention/softmax.py)\n",
        22: "`attention/softmax`\n\n```\nattention/softmax\n```\n<https://arxiv.org/abs/1706.03762>",
    }
    entries = [Entry(date(2026, 11, n), Path(), text) for n, text in texts.items()]
    assert find_mention_days(entries, known) == {
        ("exercise", "attention/softmax"): (date(2026, 11, 21), date(2026, 11, 20)),
        ("reading", "vaswani2017"): (date(2026, 11, 22),),
    }
