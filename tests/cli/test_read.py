"""``grade read`` and ``grade log --read`` as a learner types them, in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from site_workspace import lay

from grader.base.paths import Workspace
from grader.learner.records import tables

RESOURCES = """resources:
  - {id: norm2016, title: Layer Normalization, kind: paper, url: "https://arxiv.org/abs/1607.06450",
     authors: "Ba, Kiros, Hinton", year: 2016}
  - {id: book, title: "Numbers: a book", kind: book, url: "https://example.org/numbers/"}
"""
TALK = "https://www.youtube.com/watch?v=kCc8FmEb1nY"
TITLE = "Let's build GPT: from scratch, in code, spelled out."

Grade = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def own(tmp_path: Path) -> Workspace:
    """A workspace with two readings, one of them named by the next exercise but one."""
    own = lay(tmp_path / "ws")
    own.resources_file.write_text(RESOURCES, "utf-8")
    return own


@pytest.fixture
def grade(own: Workspace) -> Grade:
    """``grade`` in the workspace."""

    def grade(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "grader.cli.main", *words],
            cwd=own.root,
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "100"},
            timeout=60,
        )

    return grade


def listed(grade: Grade) -> dict[str, str]:
    """The state of each entry, as ``--json`` has it."""
    told = json.loads(grade("read", "--json").stdout)
    return {entry["id"]: entry["state"] for entry in told["readings"]}


def test_alone_it_says_what_to_read_next(grade: Grade) -> None:
    """On a fresh clone that is what the next exercise names: title, exercise, what to type."""
    done = grade("read")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-3:] == [
        "Read next  Numbers: a book",
        "           for attention/softmax",
        "           grade read book",
    ]


@pytest.mark.slow
def test_the_list_is_by_state_and_the_rest_on_demand(grade: Grade) -> None:
    """Next, reading, inbox and done in this order; what is open only with --all."""
    grade("read", "norm2016", "--done")
    grade("read", TALK, TITLE, "--next")
    shown = grade("read").stdout.partition("[>] next")[0]
    lines = shown.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == ["Next", "Done"]
    assert lines[1].startswith("  [>] lets-build-gpt-from-scratch-")
    assert "  yours" in shown and lines[lines.index("Done") + 1].startswith("  [x] norm2016")
    assert "Numbers" not in shown
    assert "  [ ] book" in grade("read", "--all").stdout


def test_an_id_is_being_read(grade: Grade) -> None:
    """It is shown with its address, what it is for and what to type; a title does too."""
    done = grade("read", "numbers:", "a", "book")
    assert done.returncode == 0, done.stderr
    for words in (
        "book  Numbers: a book",
        "State   reading; grade read book --inbox puts it back",
        "Open    https://example.org/numbers/",
        "For     attention/softmax",
        "grade log --read book",
        "grade read book --done",
    ):
        assert words in done.stdout
    for state in ("next", "inbox", "done"):
        grade("read", "book", f"--{state}")
        assert listed(grade)["book"] == state


def test_an_address_with_a_title_goes_into_the_inbox(grade: Grade) -> None:
    """It is there under an id from its title; the same address again adds nothing."""
    added = json.loads(grade("read", TALK, TITLE, "--authors", "Karpathy", "--json").stdout)
    assert added["added"] is True
    documented = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
    about = documented.partition("A READING is")[2]
    assert [key for key in added["reading"] if f'"{key}"' not in about] == []
    assert added["reading"]["state"] == "inbox"
    assert (added["reading"]["kind"], added["reading"]["own"]) == ("video", True)
    again = grade("read", "youtu.be/kCc8FmEb1nY?si=x", "Another", "title")
    assert again.returncode == 0
    assert again.stderr.strip() == "Already in the list, inbox; nothing was added."
    assert TITLE in again.stdout
    assert len(listed(grade)) == 3


def test_an_address_alone_finds_what_is_there(grade: Grade) -> None:
    """An arXiv paper by any of its addresses; what is new wants a title."""
    done = grade("read", "https://arxiv.org/pdf/1607.06450v1")
    assert done.returncode == 0 and done.stdout.startswith("norm2016")
    new = grade("read", "https://example.org/new")
    assert new.returncode == 2 and 'give a title: grade read URL "title"' in new.stderr


def test_a_shell_completes_ids(own: Workspace) -> None:
    """As the completion script asks for it."""
    asked = {"COMP_WORDS": "grade read no", "COMP_CWORD": "2", "_GRADE_COMPLETE": "bash_complete"}
    done = subprocess.run(
        [sys.executable, "-c", "from grader.cli.main import main; main()"],
        cwd=own.root,
        capture_output=True,
        text=True,
        env={**os.environ, **asked},
        timeout=60,
    )
    assert "norm2016" in done.stdout and "book" not in done.stdout


def test_a_search_finds_by_all_words(grade: Grade) -> None:
    """With what was found, or with a word that nothing was."""
    assert grade("read", "--search", "hinton", "2016").stdout.startswith("  [ ] norm2016")
    assert (
        "No entry of the reading list contains all of: zebra"
        in grade("read", "--search", "zebra").stdout
    )
    told = json.loads(grade("read", "--search", "numbers", "--json").stdout)
    assert [entry["id"] for entry in told["readings"]] == ["book"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nrom2016",), "did you mean norm2016?"),
        (("javascript:alert(1)", "A title"), "an address that begins with https://"),
        (("javascript:alert(1)",), "an address that begins with https://"),
        (("https://example.org/" + "a" * 3000, "A title"), "the limit is 2000"),
        ((TALK, "A\x1b[31mtitle"), "control character"),
        ((TALK, ""), "the title is empty"),
        ((TALK, "x" * 5000), "the limit is 300"),
        (("book", "--done", "--next"), "choose one of --done and --next"),
        (("--done",), "name a reading"),
        (("book", "--kind", "paper"), "for an entry of your own"),
        ((TALK, "A title", "--kind", "poem"), "'poem' is not one of"),
        ((TALK, "A title", "--year", "12"), "not a year of publication"),
        ((TALK, "A title", "--objective", "nope"), "the objectives are explain, later"),
    ],
)
def test_what_cannot_be_done_is_said(
    grade: Grade, own: Workspace, words: tuple[str, ...], says: str
) -> None:
    """Exit code 2, one message without control characters, and nothing is written."""
    done = grade("read", *words)
    assert done.returncode == 2
    assert says in done.stderr and "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr + done.stdout
    assert not tables.open_readings(own.progress).path.exists()


def test_rows_edited_by_hand_cannot_steer_the_terminal(grade: Grade, own: Workspace) -> None:
    """Escape sequences in a title or an id are spelled out."""
    row = {"state": "next", "day": "2026-01-01", "changed_at": "2026-01-01T10:00:00+00:00"}
    rows = {"evil\x1b[2J": {**row, "title": "T\x1b]0;x\x07", "url": "javascript:alert(1)"}}
    path = tables.open_readings(own.progress).path
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "readings": rows}), "utf-8")
    for words in ((), ("--search", "evil")):
        done = grade("read", *words)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout and "evil" in done.stdout


def test_a_damaged_file_is_told(grade: Grade, own: Workspace) -> None:
    """It is restored from the backup, and the command says so."""
    grade("read", "book", "--next")
    tables.open_readings(own.progress).path.write_text("{", "utf-8")
    done = grade("read")
    assert done.returncode == 0
    assert "records: " in done.stderr
    assert "  [>] book" in done.stdout


def test_a_line_about_a_reading_has_its_link(grade: Grade, own: Workspace) -> None:
    """With words and minutes; the reading is then being read, or done."""
    done = grade("log", "--read", "layer norm", "why the mean goes", "--minutes", "25")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("; norm2016 is reading\n")
    (file,) = own.log.glob("*.md")
    line = "- Read [Layer Normalization](https://arxiv.org/abs/1607.06450): why the mean goes"
    assert f"{line} (25 min)\n" in file.read_text("utf-8")
    assert grade("log", "--read", "norm2016", "--done").stdout.endswith("; norm2016 is done\n")
    assert file.read_text("utf-8").endswith("(https://arxiv.org/abs/1607.06450)\n")
    assert listed(grade)["norm2016"] == "done"


@pytest.mark.parametrize(
    "words",
    [
        ("--read", "zzzz", "words"),
        ("--done", "words"),
        ("--read", "book", "--watched", TALK),
    ],
)
def test_a_line_that_fits_no_reading_is_not_written(
    grade: Grade, own: Workspace, words: tuple[str, ...]
) -> None:
    """Exit code 2, and the log stays empty."""
    assert grade("log", *words).returncode == 2
    assert not list(own.log.glob("*.md"))


def test_a_reading_makes_a_day_of_study(grade: Grade, own: Workspace) -> None:
    """To begin one and to be done with it counts; to put it on the list, or twice, does not."""
    grade("read", "book", "--next")
    assert "Studied on 0 of the last 30 days" in grade("status").stdout
    for words in (("book",), ("book",), ("book", "--done")):
        assert grade("read", *words).returncode == 0
    assert "Studied on 1 of the last 30 days; 1 day in a row." in grade("status").stdout
    (span,) = tables.open_study(own.progress).read_all().values()
    assert (span.cards, span.repeats, span.readings) == (0, 0, 2)


def test_study_that_cannot_be_recorded_costs_no_reading(grade: Grade, own: Workspace) -> None:
    """The reading is marked, and a warning says what is missing."""
    own.progress.mkdir(exist_ok=True)
    (own.progress / "study.json").mkdir()
    done = grade("read", "book", "--done")
    assert done.returncode == 0 and "Traceback" not in done.stderr
    assert "The time of it was not recorded" in done.stderr
    assert tables.open_readings(own.progress).read_all()["book"].state == "done"
