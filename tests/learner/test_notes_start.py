"""Starting a note: its name, its first words, and that nothing is ever replaced."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import nbformat
import pytest

from grader.base.errors import UsageError
from grader.learner.notes import CreatedNote, NoteKind, Notes, create_note
from grader.learner.notes.new_note import make_slug

TITLES = [
    *(
        "Why divide by √d?",
        "C",
        "C++",
        "con",
        "LPT1",
        "日本語のノート",
        "Ünïcode — Über alles",
        "🤔",
    ),
    *(
        "<b>x</b> a*b*c",
        "$x^2$ and `a_b`",
        "[x](y) ![z](w) [[q]]",
        "# not twice",
        "a\\b",
        "..",
        "-",
    ),
    *("../../etc/passwd", 'a/b\\c:d*e?f"g<h>i|j', "long ä " * 60, "index", "README", "1. one"),
    *("true", "> quoted", "- listed", "~~~", "&amp; &lt;", "a {: .b } {{ c }}", "~home", "!x"),
]


def begin(folder: Path, title: str, *about: str, kind: str = "markdown") -> CreatedNote:
    """Start a note in the folder."""
    return create_note(Notes(folder / "notes", folder / "cache"), title, about, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("kind", ["markdown", "notebook"])
def test_a_title_reads_back(tmp_path: Path, title: str, kind: str) -> None:
    """The new note is called what was typed, under a name that any file system can hold."""
    path = begin(tmp_path, title, kind=kind).path
    (note,) = Notes(tmp_path / "notes", tmp_path / "cache").read()
    assert note.title == " ".join(title.split())
    assert not note.warnings
    assert len(path.name.encode()) < 100
    assert path.parent == tmp_path / "notes"
    assert not set(path.name) & set('<>:"/\\|?* ')
    assert path.stem.casefold() not in ("con", "lpt1", "", ".", "..")


def test_a_note_holds_nothing_to_delete(tmp_path: Path) -> None:
    """A heading, and what it is about when that is told."""
    assert begin(tmp_path, "A thought").path.read_text() == "# A thought\n"
    about = begin(tmp_path, "On softmax", "attention/softmax").path
    assert about.read_text() == "---\nabout: attention/softmax\n---\n\n# On softmax\n"
    both = begin(tmp_path, "On two", "attention/softmax", "blocks/gelu").path
    assert both.read_text().startswith("---\nabout: [attention/softmax, blocks/gelu]\n---\n")


def test_a_notebook_is_valid(tmp_path: Path) -> None:
    """Form 4.5, with a text cell, an empty code cell, their ids, and what it is about."""
    path = begin(tmp_path, "A book", "attention/softmax", kind="notebook").path
    whole = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(whole)  # type: ignore[no-untyped-call]
    assert (whole.nbformat, whole.nbformat_minor) == (4, 5)
    assert [(cell.cell_type, cell.source) for cell in whole.cells] == [
        ("markdown", "# A book"),
        ("code", ""),
    ]
    assert len({cell.id for cell in whole.cells}) == 2
    assert whole.metadata.groundwork == {"about": ["attention/softmax"]}
    assert Notes(tmp_path / "notes", tmp_path / "cache").read()[0].about == ("attention/softmax",)


@pytest.mark.parametrize("kind", ["markdown", "notebook"])
@pytest.mark.parametrize("about", [(), ("attention/softmax",)])
def test_a_note_is_dated(tmp_path: Path, kind: NoteKind, about: tuple[str, ...]) -> None:
    """The day on which it was created reads back, with what it is about or alone."""
    notes = Notes(tmp_path / "notes", tmp_path / "cache")
    create_note(notes, "A thought", about, kind, date(2026, 11, 22))
    (note,) = notes.read()
    assert (note.title, note.about, note.date) == ("A thought", about, "2026-11-22")
    assert not note.warnings and not note.fault


def test_a_second_note_of_a_title_is_the_first(tmp_path: Path) -> None:
    """It is left as it is, whatever was written in it since; the path is told."""
    first = begin(tmp_path, "A thought")
    first.path.write_text("# A thought\n\nMine.\n")
    again = begin(tmp_path, "A thought", "attention/softmax")
    assert again == CreatedNote(first.path, fresh=False)
    assert first.path.read_text() == "# A thought\n\nMine.\n"
    assert begin(tmp_path, "A thought", kind="notebook").fresh


def test_another_title_takes_the_next_name(tmp_path: Path) -> None:
    """Titles whose names are alike have files of their own, broken ones are not touched."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "c.md").write_bytes(b"\xff")
    assert [begin(tmp_path, t).path.name for t in ("C", "C++", "C", "C#")] == [
        *("c-2.md", "c-3.md", "c-2.md", "c-4.md"),
    ]
    assert (tmp_path / "notes" / "c.md").read_bytes() == b"\xff"


@pytest.mark.parametrize("title", ["", "  \n", "\x00\x1b", "\u202e"])
def test_no_title_is_no_note(tmp_path: Path, title: str) -> None:
    """Nothing is written, and the error shows how."""
    with pytest.raises(UsageError, match="grade note"):
        begin(tmp_path, title)
    assert not (tmp_path / "notes").exists()


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    """Titles that want one name get one file each; equal titles get one between them."""
    titles = ["C" + "+" * (number % 8) for number in range(64)]
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda title: begin(tmp_path, title), titles))
    texts = [path.read_text() for path in (tmp_path / "notes").iterdir()]
    assert len(texts) == 8
    assert sum(started.fresh for started in made) == 8
    by_title = {
        title: {s.path for s, t in zip(made, titles, strict=True) if t == title} for title in titles
    }
    assert all(len(paths) == 1 for paths in by_title.values())


def test_slugs_are_short_words() -> None:
    """Small letters of any script, digits and single dashes."""
    assert make_slug("Ünïcode — Über, alles!") == "ünïcode-über-alles"
    assert make_slug("e\u0301") == "é"
    assert make_slug("...") == "note"


def grade(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``grade`` in a workspace."""
    return subprocess.run(
        [sys.executable, "-m", "grader.cli.main", *words],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A workspace with the real course."""
    repo = Path(__file__).resolve().parents[2]
    (tmp_path / "ws").mkdir()
    for folder in ("curriculum", "solutions"):
        (tmp_path / "ws" / folder).symlink_to(repo / folder)
    return tmp_path / "ws"


def test_the_command_starts_and_lists(clone: Path) -> None:
    """It prints the path; exercises may be called by their names; alone it lists the notes."""
    done = grade(clone, "note", "On", "masks", "--about", "causal_mask,softmax")
    assert (done.returncode, done.stdout) == (0, "docs/notes/on-masks.md\n"), done.stderr
    again = grade(clone, "note", "On masks")
    assert again.stdout == "docs/notes/on-masks.md\n"
    assert "was not changed" in again.stderr
    grade(clone, "note", "A book", "--notebook")
    (clone / "docs" / "notes" / "broken.ipynb").write_text("{")
    listed = grade(clone, "note").stdout.splitlines()
    assert listed == [
        "docs/notes/a-book.ipynb  A book",
        "docs/notes/broken.ipynb  cannot be read",
        "docs/notes/on-masks.md  On masks · about attention/causal_mask, attention/softmax",
    ]


def test_the_command_refuses_what_it_cannot_do(clone: Path) -> None:
    """An unknown exercise, options without a title and a missing notebook are usage errors."""
    for words, told in [
        (("note", "x", "--about", "nope"), "no exercise or unit is called 'nope'"),
        (("note", "--about", "softmax"), "give a title"),
        (("note", "--execute", "gone.ipynb"), "no notebook at gone.ipynb"),
        (("note", "x", "--execute", "gone.ipynb"), "--execute takes no title"),
    ]:
        done = grade(clone, *words)
        assert done.returncode == 2
        assert told in done.stderr
    assert not (clone / "docs" / "notes").exists()


def test_the_list_needs_no_converter(clone: Path) -> None:
    """Listing and starting notes import neither nbconvert nor torch, pytest or MkDocs."""
    (clone / "docs" / "notes").mkdir(parents=True)
    (clone / "docs" / "notes" / "a.ipynb").write_text(
        json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    program = (
        "import sys\nfrom grader.cli.main import grade\n"
        "grade.main(['note'], standalone_mode=False)\n"
        "names = ('nbconvert', 'nbformat', 'torch', 'pytest', 'mkdocs')\n"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=clone, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
