"""``grade import`` shows a table before it writes, and on demand what becomes of each line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.base.paths import Workspace
from grader.learner.records import tables
from grader.site import gather
from grader.site.render import build_files

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "tests" / "support" / "journals" / "shapes"
KINDS = ["days", "notes", "cards", "readings", "claims", "pictures", "kept as text", "left out"]

Import = Callable[..., str]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the course and nothing of a learner's."""
    root = tmp_path / "clone"
    root.mkdir()
    for name in ("curriculum", "solutions"):
        (root / name).symlink_to(ROOT / name)
    return Workspace(root)


@pytest.fixture
def command(workspace: Workspace) -> Import:
    """``grade import`` in that workspace, as a process; what it prints."""

    def command(*words: str | Path, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "grader.cli.main", "import", *map(str, words)],
            cwd=workspace.root,
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "100"},
            timeout=120,
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    return command


def read_table(shown: str) -> dict[str, str]:
    """The numbers of the table, by kind."""
    return dict(re.findall(rf"^  ({'|'.join(KINDS)}) +(\d+|-)", shown, re.MULTILINE))


def test_the_table_has_a_row_for_each_kind(command: Import, workspace: Workspace) -> None:
    """Days, notes, cards, readings, claims, pictures, text and what is left out, before a write."""
    shown = command(SHAPES / "days_and_more.md", "--dry-run")
    assert [*read_table(shown)] == KINDS
    assert read_table(shown)["days"] == "2"
    assert read_table(shown)["notes"] == "1"
    assert read_table(shown)["claims"] == "-"
    assert "docs/log/, 3 March 2025 to 4 March 2025, 2 items" in shown
    assert not workspace.handwritten.exists()


def test_the_numbers_of_the_table_are_those_that_are_written(
    command: Import, workspace: Workspace
) -> None:
    """Over all shapes together: as many days, notes, readings and claims as the table says."""
    shapes = sorted(SHAPES.glob("*.md"))
    shown = command(*shapes, "--yes", "--year", "2025")
    numbers = read_table(shown)
    assert len([*workspace.log.glob("*.md")]) == int(numbers["days"])
    assert len([*workspace.imported.glob("*.md")]) == int(numbers["notes"])
    assert len(tables.open_claims(workspace.progress).read_all()) == int(numbers["claims"])
    assert len(tables.open_readings(workspace.progress).read_all()) == int(numbers["readings"])
    assert f"  and {len(shapes) - 20} more\n" in shown


def test_a_second_import_says_that_it_is_one(command: Import) -> None:
    """All numbers are dashes, and what is known is counted."""
    command(SHAPES / "kreuze.md", "--yes")
    shown = command(SHAPES / "kreuze.md", "--yes", "--explain")
    assert set(read_table(shown).values()) == {"-"}
    assert re.search(r"^  \d+ items imported before$", shown, re.MULTILINE)
    assert "a claim, done; imported before" in shown
    assert "Nothing new to import." in shown


def test_what_is_left_out_is_named_by_its_line(command: Import) -> None:
    """Comments and second definitions of a label are the reason that the number gives."""
    shown = command(SHAPES / "links_and_notes.md", "--dry-run")
    assert read_table(shown)["left out"] == "3"
    for line, words in ((7, "a second time"), (9, "is a comment"), (10, "is a comment")):
        assert re.search(rf"links_and_notes\.md:{line}: .*{words}", shown)


def test_explain_says_what_becomes_of_each_line(command: Import) -> None:
    """Headings of days, text, boxes, rows of cards, readings and lines left out, each by number."""
    shown = " ".join(command(*map(SHAPES.joinpath, NAMES), "--dry-run", "--explain").split())
    for words in (
        "1 left out: 'A hundred days'",
        "5 the day 2025-03-01 7 docs/log/2025-03-01.md",
        "11 docs/log/2025-03-02.md; a claim, done",
        "readings.md, line by line",
        "5 docs/notes/imported/readings.md; a reading, done",
        "6-7 docs/notes/imported/readings.md; each a reading, inbox",
        "6-7 docs/notes/imported/tables.md; each a card",
    ):
        assert words in shown


NAMES = ("days_under_headings.md", "readings.md", "tables.md")


def test_several_journals_are_named_with_what_is_new_in_each(command: Import) -> None:
    """One line for each journal stands above the table, which adds them up."""
    shown = command(SHAPES / "kreuze.md", SHAPES / "readings.md", "--dry-run")
    assert "2 journals" in shown
    assert "kreuze.md  1 note, 6 claims" in shown
    assert "readings.md  1 note, 6 readings" in shown
    assert read_table(shown)["notes"] == "2"


def test_front_matter_heads_the_note(command: Import, workspace: Workspace) -> None:
    """YAML stays as it was; what is no YAML, and TOML, is written as YAML that the site reads."""
    command(*(SHAPES / f"front_{name}.md" for name in ("yaml", "broken", "toml")), "--yes")
    notes = {path.stem: path.read_text("utf-8") for path in workspace.imported.glob("*.md")}
    source = (SHAPES / "front_yaml.md").read_text("utf-8")
    assert notes["front_yaml"] == source
    assert notes["front_broken"].startswith(
        '---\ntitle: "Masks: causal and others"\ntags:\n  - "masks"\n  - "padding"\n---\n\nTwo'
    )
    assert notes["front_toml"].startswith('---\ntitle: "Scaling"\ntags:\n  - "laws"\n---\n\nLoss')
    site = gather(workspace)
    assert [note.warnings for note in site.notes] == [()] * 3
    pages = build_files(site)
    for name, tags in (
        ("yaml", ("positions", "maths")),
        ("broken", ("masks", "padding")),
        ("toml", ("laws",)),
    ):
        links = ", ".join(f"[&#35;{tag}](../../tags/{tag}.md)" for tag in tags)
        assert f"Tags: {links}\n" in str(pages[f"notes/imported/front_{name}.md"])


def test_front_matter_of_a_note_that_is_there_comes_once(
    command: Import, workspace: Workspace
) -> None:
    """A note that was begun by hand keeps its beginning; the lines come as a block, and once."""
    workspace.imported.mkdir(parents=True)
    note = workspace.imported / "front_yaml.md"
    note.write_text("# Mine\n", "utf-8")
    command(SHAPES / "front_yaml.md", "--yes")
    text = note.read_text("utf-8")
    assert text.startswith("# Mine\n\n```yaml\ntitle: Rotary positions\n")
    command(SHAPES / "front_yaml.md", "--yes")
    assert note.read_text("utf-8") == text


def test_front_matter_of_a_day_goes_into_its_entry(command: Import, workspace: Workspace) -> None:
    """The title becomes a heading, the tags a line, and what else it says stays a block."""
    command(SHAPES / "day_with_front.md", "--yes")
    assert (workspace.log / "2024-03-04.md").read_text("utf-8") == (
        "# Monday, 4 March 2024\n\n## Fourth evening\n\nTags: cache\n\n"
        "```yaml\nmood: tired\n```\n\nWrote the cache, measured nothing.\n\n"
        "- [x] cache\n- [ ] measure\n"
    )


def test_the_tracker_shows_each_claim_below_its_heading(
    command: Import, workspace: Workspace
) -> None:
    """The same words of two weeks are two rows, each with the heading of its week."""
    command(SHAPES / "same_words_each_week.md", "--yes")
    tracker = str(build_files(gather(workspace))["tracker.md"])
    assert tracker.count("Video") == 2
    assert "1&#58; numbers" in tracker
    assert "2&#58; letters" in tracker


def test_a_status_that_changed_is_updated_in_its_row(command: Import, workspace: Workspace) -> None:
    """A row whose first cell is the same is the same row, and its claim is one claim."""
    journal = workspace.root / "plan.md"
    rows = "# Plan\n\n| Topic | Status |\n|---|---|\n| masks | planned |\n| cache | done |\n"
    journal.write_text(rows, "utf-8")
    command(journal, "--yes")
    journal.write_text(rows.replace("planned", "✅"), "utf-8")
    command(journal, "--yes")
    text = (workspace.imported / "plan.md").read_text("utf-8")
    assert text.count("masks") == 1
    assert "| masks | ✅ |\n| cache | done |" in text
    claims = tables.open_claims(workspace.progress).read_all().values()
    assert sorted((claim.text, claim.done) for claim in claims) == [
        ("cache", True),
        ("masks", True),
    ]
