"""``grade import`` asks for what is missing of the dates, and keeps in the note what stays open."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

Import = Callable[..., "subprocess.CompletedProcess[str]"]
NUMBERED = "# Hundred days\n\nStarted on 2025-07-20.\n\n## Day 1: a\n\none\n\n## Day 2: b\n\ntwo\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace with the course and nothing of a learner's."""
    root = tmp_path / "clone"
    root.mkdir()
    for name in ("curriculum", "solutions"):
        (root / name).symlink_to(ROOT / name)
    return root


@pytest.fixture
def command(home: Path) -> Import:
    """``grade import`` in that workspace, as a process."""

    def command(*words: str | Path, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "grader.cli.main", "import", *map(str, words)],
            cwd=home,
            capture_output=True,
            text=True,
            input=said,
            env={**os.environ, "COLUMNS": "200"},
            timeout=120,
        )

    return command


def list_log(home: Path) -> list[str]:
    """The days of the log."""
    return sorted(path.stem for path in (home / "docs" / "log").glob("*.md"))


def test_the_first_day_is_asked_for(home: Path, command: Import, tmp_path: Path) -> None:
    """A person is asked once, with the start that the journal names; no answer keeps the note."""
    journal = tmp_path / "mine.md"
    journal.write_text(NUMBERED, "utf-8")
    done = command(journal, said="2025-07-20\ny\n")
    assert "mine.md:5: Day 1: a" in done.stdout
    assert "such as 2025-07-20" in done.stdout
    assert list_log(home) == ["2025-07-20", "2025-07-21"]
    assert command(journal, said="soon\n").returncode == 2


def test_a_script_says_the_first_day(home: Path, command: Import, tmp_path: Path) -> None:
    """Without it the days stay in the note and the remark has the option; folders count too."""
    folder = tmp_path / "hundred"
    for number in (1, 2, 11):
        (folder / f"Day{number}").mkdir(parents=True)
        (folder / f"Day{number}" / "README.md").write_text(f"read {number}\n", "utf-8")
    done = command(folder, "--dry-run")
    assert "--first-day" in done.stdout
    assert command(folder, "--yes", "--first-day", "2025-07-20").returncode == 0
    assert list_log(home) == ["2025-07-20", "2025-07-21", "2025-07-30"]


def test_one_heading_without_a_year_keeps_back_nothing_else(
    home: Path, command: Import, tmp_path: Path
) -> None:
    """The rest of the file and the other files of the folder are imported."""
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.md").write_text("## Jul 20\n\nopen\n", "utf-8")
    (folder / "b.md").write_text("## 2025-07-21\n\nread\n", "utf-8")
    done = command(folder, "--yes")
    assert done.returncode == 0
    assert "a.md:1: Jul 20: no year here" in done.stdout
    assert list_log(home) == ["2025-07-21"]
    assert "open" in (home / "docs" / "notes" / "imported" / "a.md").read_text("utf-8")


def test_names_of_files_and_folders_are_days(home: Path, command: Import, tmp_path: Path) -> None:
    """Names of many forms go to their days; one without a year is asked about, not dropped."""
    folder = tmp_path / "daily"
    names = ("2025_07_23", "20250724", "2025.07.28", "25-07-2025", "2025/07/29", "2025/July/30")
    for name in (*names, "July 31"):
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"On {name} I read.\n\n- one\n", "utf-8")
    done = command(folder, "--yes")
    assert "July 31.md: no year here or near it" in done.stdout
    assert list_log(home) == [f"2025-07-{day}" for day in (23, 24, 25, 28, 29, 30)]
    again = command(folder, "--yes", "--year", "2025")
    assert "1 day" in again.stdout
    assert list_log(home)[-1] == "2025-07-31"


def test_every_decision_about_a_date_is_shown_first(
    home: Path, command: Import, tmp_path: Path
) -> None:
    """Ranges, slips, wrong weekdays and what looks like a day are listed by line."""
    journal = tmp_path / "mine.md"
    text = "## Week 1 (Jul 14 - Jul 20, 2025)\n\na\n\n## Monday, 22 July 2025\n\nb\n\n"
    text += "## 23 July 2035\n\nc\n\n## 25 July 2025\n\nd\n\n# Plan\n\n- 2025-09-01: e\n"
    journal.write_text(text, "utf-8")
    said = command(journal, "--dry-run").stdout
    for words in (
        "mine.md:1: 'Week 1 (Jul 14 - Jul 20, 2025)': several days; filed under the first",
        "mine.md:5: 'Monday, 22 July 2025': that date is a Tuesday; the date is used",
        "mine.md:9: '23 July 2035': 2035 is far from the days beside it; is it 2025?",
        "mine.md:19: looks like a day, kept in the note",
    ):
        assert words in said
    assert list_log(home) == []
