"""An import can be taken back, but for what was edited since; what was deleted comes again."""

from __future__ import annotations

from pathlib import Path

import pytest
from import_workspace import PICTURE, ImportWorkspace, lay_files

from grader.learner.importer.versions.kinship import hash_words, is_akin
from grader.learner.importer.versions.takeback import take_back
from grader.learner.records import tables

JOURNAL = """# Journal

## 2025-03-04

- read about [masks](other.md)
- slept

## 2025-03-05

Wrote the sampler today, with a temperature.

# Ideas

- [x] Softmax by hand
- [ ] Top-k

| a | b |
|---|---|
| 1 | 2 |

# Papers

- [ ] [Strides](https://example.org/strides)

![p](p.png)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> ImportWorkspace:
    """A workspace in which one day has an entry already."""
    workspace = ImportWorkspace(tmp_path)
    lay_files(workspace.root / "docs", {"log/2025-03-04.md": "# Mine\r\n\r\n- first"})
    return workspace


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A journal with days, claims, a table, a reading and a picture."""
    return lay_files(tmp_path / "home", {"README.md": JOURNAL, "p.png": PICTURE, "other.md": "x\n"})


def count_rows(workspace: ImportWorkspace) -> tuple[int, int, int]:
    """How many readings, claims and rows of the ledger there are."""
    folder = workspace.paths.progress
    every = (tables.open_readings, tables.open_claims, tables.open_imports)
    readings, claims, imports = (len(table(folder).read_all()) for table in every)
    return readings, claims, imports


def test_undo_leaves_everything_as_it_was(workspace: ImportWorkspace, home: Path) -> None:
    """Files, readings, claims and the ledger are as before, to the byte; then it comes again."""
    before = workspace.list_files()
    workspace.bring(home)
    after, rows = workspace.list_files(), count_rows(workspace)
    assert min(rows) > 0
    done = workspace.run("--undo")
    assert done.returncode == 0, done.stderr
    assert workspace.list_files() == before
    assert count_rows(workspace) == (0, 0, 0)
    assert not workspace.paths.imported.exists()
    workspace.bring(home)
    assert (workspace.list_files(), count_rows(workspace)) == (after, rows)


def test_undo_takes_back_the_last_import_and_then_the_one_before(
    workspace: ImportWorkspace, home: Path
) -> None:
    """Each undo is of one run; without a run left it says so."""
    workspace.bring(home / "other.md")
    first = workspace.list_files()
    workspace.bring(home / "README.md")
    assert workspace.run("--undo", "--dry-run").returncode == 0
    assert workspace.list_files() != first
    workspace.run("--undo")
    assert workspace.list_files() == first
    workspace.run("--undo")
    assert list(workspace.list_files()) == ["log/2025-03-04.md"]
    done = workspace.run("--undo")
    assert done.returncode == 2
    assert "there is no import to take back" in done.stderr


def test_what_was_edited_since_stays(workspace: ImportWorkspace, home: Path) -> None:
    """Edited pieces and the learner's own lines stay, with their headings; all else goes."""
    workspace.bring(home)
    note, day = workspace.paths.imported / "home.md", workspace.paths.log / "2025-03-05.md"
    text = note.read_text("utf-8").replace("Softmax by hand", "Softmax by hand, twice")
    text = text.replace("# Papers", "My own thought.\n\n# Papers")
    note.write_text(text, "utf-8")
    day.write_text(day.read_text("utf-8") + "\n- and mine\n", "utf-8")
    done = workspace.run("--undo")
    assert "Softmax by hand" in done.stdout
    left = note.read_text("utf-8")
    assert "# Ideas\n\n- [x] Softmax by hand, twice\n\nMy own thought.\n" in left
    assert "Top-k" not in left
    assert "| 1 |" not in left
    assert "| a |" not in left
    assert "# Papers" not in left
    assert "- and mine" in day.read_text("utf-8")
    assert "sampler" not in day.read_text("utf-8")
    workspace.bring(home)
    again = note.read_text("utf-8")
    assert again.count("Softmax by hand") == 1
    assert again.count("Top-k") == 1


def test_what_was_deleted_by_hand_is_told_and_can_be_brought_again(
    workspace: ImportWorkspace, home: Path
) -> None:
    """By itself it stays deleted; with --again it comes, and what was edited is not doubled."""
    workspace.bring(home)
    after = workspace.list_files()
    (workspace.paths.log / "2025-03-05.md").unlink()
    note = workspace.paths.imported / "home.md"
    text = note.read_text("utf-8").replace("- [ ] Top-k\n", "")
    note.write_text(text.replace("Softmax by hand", "Softmax, by my hand"), "utf-8")
    shown = workspace.bring(home)
    assert "2 of them deleted since; --again brings them" in shown
    assert "Nothing new to import." in shown
    workspace.bring("--again", home)
    assert workspace.list_files()["log/2025-03-05.md"] == after["log/2025-03-05.md"]
    again = note.read_text("utf-8")
    assert again.count("Top-k") == 1
    assert "Softmax by hand" not in again


def test_an_edited_item_is_updated_where_it_stands(workspace: ImportWorkspace, home: Path) -> None:
    """A newer version takes the older one's place; one that was edited here is left alone."""
    workspace.bring(home)
    before = workspace.list_files()
    rows = count_rows(workspace)
    newer = JOURNAL.replace("a temperature.", "a temperature of 0.7.")
    newer = newer.replace("[ ] Top-k", "[x] Top-k").replace("about [masks]", "much about [masks]")
    (home / "README.md").write_text(newer, "utf-8")
    shown = workspace.bring(home)
    assert "edited" in shown
    assert workspace.read("log/2025-03-05.md").count("Wrote the sampler") == 1
    assert "a temperature of 0.7." in workspace.read("log/2025-03-05.md")
    assert "- read much about [masks](../notes/imported/other.md)" in workspace.read(
        "log/2025-03-04.md"
    )
    note = workspace.read("notes/imported/home.md")
    assert "- [x] Softmax by hand\n- [x] Top-k\n" in note
    assert count_rows(workspace) == rows
    assert "Nothing new to import." in workspace.bring(home)
    workspace.run("--undo")
    assert workspace.list_files() == before
    assert count_rows(workspace) == rows


def test_an_item_that_was_edited_here_is_not_overwritten(
    workspace: ImportWorkspace, home: Path
) -> None:
    """Where both sides changed, both are kept."""
    workspace.bring(home)
    note = workspace.paths.imported / "home.md"
    note.write_text(note.read_text("utf-8").replace("- [ ] Top-k", "- [ ] Top-k, mine"), "utf-8")
    (home / "README.md").write_text(JOURNAL.replace("[ ] Top-k", "[ ] Top-k, theirs"), "utf-8")
    workspace.bring(home)
    assert "Top-k, mine" in note.read_text("utf-8")
    assert "Top-k, theirs" in note.read_text("utf-8")


def test_many_files_show_their_progress(workspace: ImportWorkspace, tmp_path: Path) -> None:
    """Reading, sorting and writing say how far they are, and the ledger is written once."""
    files = {f"n{n // 50}/note {n}.md": f"# Note {n}\n\n- item {n}\n" for n in range(300)}
    home = lay_files(tmp_path / "many", dict(files))
    done = workspace.run("--yes", home)
    for verb in ("reading", "sorting", "writing"):
        assert f"{verb} 250 of 300 files" in done.stderr
    assert len(workspace.list_files()) == 301
    keep = workspace.paths.progress / ".keep"
    assert len(list(keep.glob("imports.json.*"))) <= 2


@pytest.mark.parametrize(
    ("before", "after", "current", "pieces", "left"),
    [
        (None, "# D\n\n- a\n- b\n", "# D\n\n- a\n- b\n- c\n", ["- a", "- b"], "# D\n\n- c\n"),
        (None, "# D\n\n- a\n", "# D\n\n- a\n\n", ["- a"], None),
        ("x\n", "x\n\n## H\n\n- a\n", "x\n\n## H\n\n- a\ny\n", ["- a"], "x\n\n## H\n\ny\n"),
        ("x\n", "x\n\n## H\n\n- a\n", "x y\n\n## H\n\n- a\n", ["- a"], "x y\n"),
        ("x", "x\n\n- a\n", "x\n\n- a\n", ["- a"], "x"),
        ("x\r\n", "x\r\n\r\n- a\r\n", "x\r\n\r\n- a\r\n", ["- a"], "x\r\n"),
        ("- a\n", "- a\n", "- a\n- b\n", ["- a"], "- a\n- b\n"),
        (
            "- a\n",
            "- a\n\n# H\n\n- a\n",
            "- a\n\n# H\n\n- a\n- a\n",
            ["- a"],
            "- a\n\n# H\n\n- a\n",
        ),
        ("x\n", "x\n\n[l]\n\n[l]: u\n", "x y\n\n[l]\n\n[l]: u\n", ["[l]"], "x y\n"),
    ],
)
def test_pieces_are_taken_out_of_a_file_that_was_edited(
    before: str | None, after: str, current: str, pieces: list[str], left: str | None
) -> None:
    """Headings and definitions that served them alone go with them."""
    assert take_back(before, after, current, pieces).text == left


def test_texts_are_compared_without_their_addresses() -> None:
    """Replaced links make no difference, and other words do."""
    one, other = "see [[a/B c|words]] ![p](x.png)", "see [words](../b-c.md) ![p](../y.png)"
    assert hash_words(one) == hash_words(other)
    assert is_akin("- read the paper", "- read the long paper")
    assert not is_akin("- [ ] read the paper", "- [ ] wrote some code")
    assert not is_akin("1. old", "1. new")
    assert is_akin("昨天写了采样的代码", "昨天写了采样的新代码")
