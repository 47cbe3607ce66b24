"""What an entry mentions: found as it is named, linked on the page, and listed by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from grader.course import Course, Exercise, Phase, Resource, Unit
from grader.journal import Entry
from grader.notes import Note, markup
from grader.pages.mentions import Known, days
from grader.pages.places import Places
from grader.pages.scene import Scene
from grader.progress import survey
from grader.readinglist import joined
from grader.workspace import Workspace

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
def known(tmp_path: Path) -> Known:
    """An exercise, two readings and four notes."""
    notes = (
        note(tmp_path, "deep/first note.md", "Why <b> & scaling help"),
        note(tmp_path, "bpe.md", "Merges"),
        note(tmp_path, "why.ipynb", "Why <b> & scaling"),
        note(tmp_path, "README.md", "My own notes"),
    )
    readings, progress = joined(COURSE, {}), survey(COURSE, {}, {})
    scene = Scene(Workspace(tmp_path), COURSE, progress, notes=notes, readings=readings)
    return Known.of(COURSE, Places(scene))


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
    known: Known, text: str, names: list[str]
) -> None:
    """Ids, paths, addresses and titles of two words count; parts of other words do not."""
    found = [mention.thing.id for mention in known.found(text)]
    assert found[: len(names)] == names
    assert bool(found) == bool(names)


def shown(known: Known, text: str) -> BeautifulSoup:
    """An entry's text as its page shows it."""
    clean = markup.html(text, lambda tag, address: None)
    return BeautifulSoup(known.linked(clean, PAGE), "html.parser")


def test_a_mention_becomes_a_link_from_the_days_page(known: Known) -> None:
    """The words stay as they are, signs of HTML among them."""
    found = shown(known, "- *attention/softmax* and why &lt;b> & scaling help & notes/bpe.md")
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
def test_code_formulas_and_links_are_left_as_they_are(known: Known, text: str) -> None:
    """Nothing becomes a link inside them."""
    clean = markup.html(text, lambda tag, address: None)
    assert known.linked(clean, PAGE) == clean


HOSTILE = "attention/softmax <img src=x onerror=alert(1)> &lt;script&gt;alert(1)&lt;/script&gt;"


def test_linking_undoes_no_cleaning(known: Known) -> None:
    """What was escaped stays escaped beside a link."""
    found = shown(known, HOSTILE)
    assert {tag.name for tag in found.find_all(True)} <= {"p", "a", "img"}
    assert "<script>alert(1)</script>" in found.text


def test_days_are_listed_for_what_they_mention(known: Known) -> None:
    """Newest first, each day once, links counted, code not."""
    texts = {
        20: "attention/softmax, attention/softmax",
        21: "[it](../../exercises/attention/softmax.py)\n",
        22: "`attention/softmax`\n\n```\nattention/softmax\n```\n<https://arxiv.org/abs/1706.03762>",
    }
    entries = [Entry(date(2026, 11, n), Path(), text) for n, text in texts.items()]
    assert days(entries, known) == {
        ("exercise", "attention/softmax"): (date(2026, 11, 21), date(2026, 11, 20)),
        ("reading", "vaswani2017"): (date(2026, 11, 22),),
    }
