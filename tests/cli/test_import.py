"""``grade import``: what it shows, what it writes, and that nothing is lost or comes twice."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.learner.model import ImportedClaim, ImportedItem, Reading
from grader.learner.records import tables
from grader.services.importing.files import read_files
from grader.services.importing.plan import ImportPlan
from grader.services.importing.planner import plan_imports
from grader.services.importing.write import write_imports
from grader.services.session import Session
from grader.site import gather
from grader.site.render import build_files

ROOT = Path(__file__).resolve().parents[2]
JOURNALS = ROOT / "tests" / "support" / "journals"
NAMES = ("dated.md", "chapters.md", "rich.md", "plan.md", "stages.md")
IMPORTED = "docs/notes/imported"

Import = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A workspace with the course and nothing of a learner's."""
    root = tmp_path / "clone"
    for name in ("curriculum", "solutions"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(ROOT / name)
    return Session.open(Workspace(root))


@pytest.fixture
def command(session: Session) -> Import:
    """``grade import`` in that workspace, as a process."""

    def command(*words: str | Path, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "grader.cli.main", "import", *map(str, words)],
            cwd=session.workspace.root,
            capture_output=True,
            text=True,
            input=said,
            env={**os.environ, "COLUMNS": "100"},
            timeout=120,
        )

    return command


def brought(session: Session, *paths: Path, year: int | None = None) -> list[ImportPlan]:
    """Import the journals; what was new in each."""
    bundles = plan_imports(session, read_files(session.workspace, paths).sources, year)
    write_imports(session, bundles)
    return bundles


def tree(session: Session) -> dict[str, bytes]:
    """Every file of the learner's notes and log."""
    docs = session.workspace.handwritten
    files = (path for path in docs.rglob("*") if path.is_file() and path.name[0] != ".")
    return {path.relative_to(docs).as_posix(): path.read_bytes() for path in files}


def kept(session: Session) -> tuple[dict[str, object], ...]:
    """What the shelves hold, without the moments."""
    folder = session.workspace.progress
    readings = tables.open_readings(folder).read_all()
    return (
        {key: (r.state, r.title, r.url, r.authors) for key, r in readings.items()},
        dict(tables.open_claims(folder).read_all()),
        dict(tables.open_imports(folder).read_all()),
    )


def note(session: Session, name: str) -> str:
    """The text of an imported note."""
    return (session.workspace.imported / name).read_text("utf-8")


@pytest.mark.slow
def test_it_shows_first_and_writes_on_yes(session: Session, command: Import) -> None:
    """No, no answer and ``--dry-run`` leave everything as it was; yes takes it over."""
    journal = JOURNALS / "dated.md"
    for words, said in (((), "n\n"), ((), ""), (("--dry-run",), "")):
        done = command(journal, *words, said=said)
        assert "docs/log/, 3 February 2025 to 11 February 2025, 8 items" in done.stdout
        assert tree(session) == {}
        assert not session.workspace.progress.exists()
    assert "In a script add --yes" in command(journal).stderr
    done = command(journal, said="y\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(tree(session)) == [
        *(f"log/2025-02-{day}.md" for day in ("03", "05", "06", "11")),
        "notes/imported/dated.md",
    ]


def test_the_report_names_kinds_places_lines_and_remarks(command: Import) -> None:
    """Each kind has its number and its place, each remark its file and line."""
    done = command(JOURNALS / "rich.md", JOURNALS / "plan.md", "--dry-run")
    for words in (
        *(f"{IMPORTED}/rich.md", "rich.md  1 note, 8 readings"),
        *("7 of your own, 3 of the course's", "the tracker: 3 said to be done, 3 not yet"),
        *("rich.md:38: a row with more cells", "rich.md:44: the picture figures/gone.png does not"),
        *("rich.md:72: 'The same again' has the address of line 69", "below: "),
        "plan.md:6-7,25-26: garbled letters repaired",
    ):
        assert words in done.stdout


def test_entries_keep_every_byte_and_stand_below_what_is_there(session: Session) -> None:
    """A day's file is appended to, Windows line ends and an open fence notwithstanding."""
    log = session.workspace.log
    log.mkdir(parents=True)
    before = {"2025-02-03.md": b"\xef\xbb\xbf# Mine\r\n\r\n- first\r\n", "2025-02-06.md": b"```\nx"}
    for name, data in before.items():
        (log / name).write_bytes(data)
    brought(session, JOURNALS / "dated.md")
    for name, data in before.items():
        assert (log / name).read_bytes().startswith(data)
    assert (log / "2025-02-03.md").read_bytes().endswith(b"1. Watched a talk on tokenizers\r\n")
    assert (log / "2025-02-06.md").read_text("utf-8") == (
        "```\nx\n```\n\n## Sunday, 6 February 2025\n\n* Rest day, only [a link][later]\n\n"
        "## Sunday, 6 February 2025\n\n* Wrote the log twice\n\n"
        '[later]: https://example.org/later "Later"\n'
    )


def test_a_new_day_is_opened_with_its_heading(session: Session) -> None:
    """The file reads as ``grade log`` would have begun it, with the list as it was."""
    brought(session, JOURNALS / "dated.md")
    assert (session.workspace.log / "2025-02-03.md").read_text("utf-8") == (
        "# Monday, 3 February 2025\n\n"
        "1. Read [about residual streams](https://example.org/streams?a=1&b=2#top)\n"
        "   1. Every block adds to one stream\n"
        "      1. So order matters less than I thought\n"
        "   2. Reading is a projection\n"
        "1. Watched a talk on tokenizers\n"
    )


def test_importing_twice_adds_nothing(session: Session, command: Import) -> None:
    """The second time everything is known, by its own words and not by its line or file name."""
    paths = [JOURNALS / name for name in NAMES]
    brought(session, *paths)
    first = tree(session), kept(session)
    assert not any(bundle.ledger for bundle in brought(session, *paths))
    moved = session.workspace.root / "dated.md"
    moved.write_text("\n\n\n" + (JOURNALS / "dated.md").read_text("utf-8"), "utf-8")
    assert not any(bundle.ledger for bundle in brought(session, moved))
    assert (tree(session), kept(session)) == first
    assert "Nothing new to import." in command(*paths, "--yes").stdout


def test_a_journal_that_grew_adds_only_what_is_new(session: Session, tmp_path: Path) -> None:
    """A new item, day, row and paragraph come alone, below their headings, in any order."""
    journal = tmp_path / "mine.md"
    whole = "# 2025-01-02\n1. a\n2. b\n\n# Thoughts\n\nOne.\n\n"
    whole += "| Question | Answer |\n|-|-|\n| x? | y |\n"
    journal.write_text(whole, "utf-8")
    brought(session, journal)
    grown = whole.replace("1. a\n2. b", "1. new\n2. a\n   - detail\n3. b")
    grown = grown.replace("| x? |", "| z? | w |\n| x? |").replace("One.", "Zero.\n\nOne.")
    journal.write_text("# 2025-01-03\n- c\n\n" + grown, "utf-8")
    (bundle,) = brought(session, journal)
    assert len(bundle.ledger) == 5
    assert (session.workspace.log / "2025-01-02.md").read_text("utf-8") == (
        "# Thursday, 2 January 2025\n\n1. a\n   - detail\n2. b\n\n1. new\n"
    )
    assert "# Thoughts\n\nZero.\n" in note(session, "mine.md")
    assert note(session, "mine.md").count("| x? | y |") == 1
    assert "| Question | Answer |\n|-|-|\n| z? | w |" in note(session, "mine.md")


def test_a_day_to_come_is_told_and_kept(session: Session, tmp_path: Path) -> None:
    """A slip in the year shows before it is taken over."""
    journal = tmp_path / "mine.md"
    journal.write_text("# 2225-01-02\n- a\n", "utf-8")
    (bundle,) = brought(session, journal)
    assert bundle.remarks == ("mine.md:1: 2225-01-02 is in the future",)
    assert (session.workspace.log / "2225-01-02.md").is_file()


def test_equal_items_are_as_many_as_there_were(session: Session, tmp_path: Path) -> None:
    """Three times the same line on a day are three, and a fourth comes alone."""
    journal = tmp_path / "mine.md"
    journal.write_text("# 2025-01-02\n" + "- again\n" * 3, "utf-8")
    brought(session, journal)
    journal.write_text("# 2025-01-02\n" + "- again\n" * 4, "utf-8")
    brought(session, journal)
    assert (session.workspace.log / "2025-01-02.md").read_text("utf-8").count("- again") == 4


def test_what_was_lost_from_the_ledger_is_found_in_the_files(session: Session) -> None:
    """Without ``imports.json`` nothing comes twice; with it, what was deleted stays deleted."""
    paths = [JOURNALS / name for name in NAMES]
    brought(session, *paths)
    first = tree(session), kept(session)
    (session.workspace.progress / "imports.json").unlink()
    brought(session, *paths)
    assert (tree(session), kept(session)) == first
    (session.workspace.imported / "stages.md").unlink()
    brought(session, *paths)
    assert "notes/imported/stages.md" not in tree(session)


def test_readings_go_to_the_list_once_and_mark_the_course(session: Session) -> None:
    """By address or title: one of the course's is marked, one that is there keeps its state."""
    table = tables.open_readings(session.workspace.progress)
    mine = Reading(
        "reading",
        "2025-01-01",
        "2025-01-01T00:00:00+00:00",
        "Slow",
        "https://www.example.org/strides",
    )
    table.put({"slow-1": mine})
    brought(session, *(JOURNALS / name for name in NAMES))
    rows = table.read_all()
    assert rows["slow-1"] == mine
    assert (rows["vaswani2017"].state, rows["vaswani2017"].title) == ("inbox", "")
    by_title = {row.title: row for row in rows.values() if row.title}
    assert by_title["The drawn transformer"].state == "next"
    assert by_title["A paper of no fame"].kind == "paper"
    assert "Strides, slowly" not in by_title
    assert len(rows) == 9


def test_one_that_is_the_courses_by_title_alone_leaves_its_address_in_the_note(
    session: Session, tmp_path: Path
) -> None:
    """The course's entry is marked, and no address is lost."""
    journal = tmp_path / "mine.md"
    journal.write_text("# Papers\n- [Attention is all you need](https://me.example/x)\n", "utf-8")
    (bundle,) = brought(session, journal)
    assert list(bundle.readings) == ["vaswani2017"]
    assert "mine.md:2: 'Attention is all you need' matched to vaswani2017" in bundle.remarks[0]
    assert "(https://me.example/x)" in note(session, "mine.md")
    assert not brought(session, journal)[0].ledger


def test_claims_are_said_and_never_passed(session: Session) -> None:
    """They are kept with their source, and no standing comes of them."""
    brought(session, JOURNALS / "plan.md")
    claims = tables.open_claims(session.workspace.progress).read_all().values()
    said = next(claim for claim in claims if claim.text == "Attention")
    assert said == ImportedClaim(
        "Attention", True, "plan.md:25", said.day, "with tests", ("attention",), "Where I stand"
    )
    assert session.records.read_standings() == {}
    assert session.read_progress().total.passed == 0


def test_pictures_are_copied_and_their_addresses_follow(session: Session, tmp_path: Path) -> None:
    """Notes and days show the copy; another picture of that name gets another; none leaves home."""
    home = tmp_path / "diary"
    shutil.copytree(JOURNALS / "figures", home / "figures")
    (tmp_path / "secret.png").write_bytes(b"no")
    page = "# 2025-01-02\n![b](figures/boxes.png)\n\n# Rest\n\n"
    page += "![s](../secret.png) ![b](figures/boxes.png)\n"
    (home / "log.md").write_text(page, "utf-8")
    (bundle,) = brought(session, home / "log.md")
    assert (
        "](../notes/imported/diary/boxes.png)"
        in (session.workspace.log / "2025-01-02.md").read_text()
    )
    assert "![s](../secret.png) ![b](diary/boxes.png)" in note(session, "diary.md")
    assert any("is outside the journal's folder" in told for told in bundle.left_out)
    copy = session.workspace.imported / "diary" / "boxes.png"
    assert copy.read_bytes() == (JOURNALS / "figures" / "boxes.png").read_bytes()
    (home / "figures" / "boxes.png").write_bytes(b"another")
    (home / "log.md").write_text(page + "\nMore: ![b](figures/boxes.png)\n", "utf-8")
    brought(session, home / "log.md")
    assert copy.read_bytes() != b"another"
    assert [p.read_bytes() for p in copy.parent.glob("boxes-*.png")] == [b"another"]


def test_a_year_is_asked_for_or_said(session: Session, command: Import, tmp_path: Path) -> None:
    """Where nothing tells the year, a script keeps the days in the note, and a person is asked."""
    journal = tmp_path / "mine.md"
    journal.write_text("## Dec 31\n- a\n## Jan 1\n- b\n", "utf-8")
    done = command(journal, "--dry-run")
    assert done.returncode == 0
    assert "mine.md:1: Dec 31; mine.md:3: Jan 1: no year here or near it" in done.stdout
    assert "--year" in done.stdout
    assert command(journal, said="2024\ny\n").returncode == 0
    assert sorted(tree(session)) == ["log/2024-12-31.md", "log/2025-01-01.md"]


def test_a_folder_brings_its_markdown(session: Session, tmp_path: Path) -> None:
    """Files named like days are days; what is no text is told, and hidden folders are left."""
    home = tmp_path / "vault"
    (home / ".trash").mkdir(parents=True)
    (home / "2025").mkdir()
    (home / ".trash" / "old.md").write_text("gone", "utf-8")
    (home / "2025" / "2025-03-04.md").write_text("- read\n", "utf-8")
    (home / "ideas.md").write_text("# Ideas\n\nA thought.\n", "utf-8")
    (home / "broken.md").write_bytes(b"\0\1\2")
    found = read_files(session.workspace, [home])
    assert [source.name for source in found.sources] == ["2025/2025-03-04.md", "ideas.md"]
    assert "broken.md: it is not a text file" in found.faults[0]
    brought(session, home)
    assert sorted(tree(session)) == ["log/2025-03-04.md", "notes/imported/ideas.md"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("gone.md", None, "no such file"),
        ("book.ipynb", b"{}", "not a notebook that can be read"),
        ("photo.md", b"\x89PNG\r\n\x1a\n\0\0", "not a text file"),
        ("empty.md", b" \n", "nothing to import"),
        ("huge.md", b"x" * 20_000_001, "the limit is 20,000,000"),
        ("pictures", "folder", "no Markdown file in it"),
    ],
)
def test_what_is_no_journal_is_refused_in_words(
    command: Import, tmp_path: Path, name: str, data: bytes | str | None, told: str
) -> None:
    """The message names the file and what to do, and the exit code is that of a usage error."""
    path = tmp_path / name
    if isinstance(data, bytes):
        path.write_bytes(data)
    elif data:
        path.mkdir()
        (path / "a.png").write_bytes(b"x")
    done = command(path, "--yes")
    assert done.returncode == 2
    assert name in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_the_log_itself_is_no_journal_to_import(session: Session) -> None:
    """What is in the notes or the log already is refused."""
    brought(session, JOURNALS / "dated.md")
    with pytest.raises(UsageError, match="already"):
        read_files(session.workspace, [session.workspace.log])


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_half_done(session: Session) -> None:
    """A folder in the way is named; once it is away, the import goes on."""
    wall = session.workspace.log / "2025-02-06.md"
    wall.mkdir(parents=True)
    with pytest.raises(UsageError, match=r"2025-02-06\.md"):
        brought(session, JOURNALS / "dated.md")
    wall.rmdir()
    brought(session, JOURNALS / "dated.md")
    day = (session.workspace.log / "2025-02-03.md").read_text("utf-8")
    assert day.count("Watched a talk") == 1
    assert wall.is_file()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
def test_killed_a_hundred_times_everything_is_there_once(session: Session) -> None:
    """kill -9 at random moments, then another run: the same files and rows as if undisturbed."""
    paths = [JOURNALS / name for name in NAMES]
    mine = session.workspace.log / "2025-02-03.md"
    chance = random.Random(5)

    def fresh() -> None:
        for folder in (session.workspace.handwritten, session.workspace.progress):
            shutil.rmtree(folder, ignore_errors=True)
        mine.parent.mkdir(parents=True)
        mine.write_text("- mine\n", "utf-8")

    fresh()
    brought(session, *paths)
    whole = tree(session), kept(session)
    halves = 0
    for _ in range(25):
        fresh()
        for _ in range(4):
            _kill(session, paths, chance.randint(2, len(whole[0]) - 1), chance.uniform(0, 0.01))
            halves += 1 < len(tree(session)) < len(whole[0])
        brought(session, *paths)
        assert (tree(session), kept(session)) == whole
    assert halves > 10  # kills that came between two files


def _kill(session: Session, paths: list[Path], files: int, later: float) -> None:
    """Import in another process and kill it that much later than so many files are there.

    Files are counted, so that a slow machine is killed between two of them as often as a fast one.
    """
    child = os.fork()
    if child == 0:
        try:
            brought(session, *paths)
        finally:
            os._exit(0)
    while len(tree(session)) < files and not os.waitid(
        os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT
    ):
        time.sleep(0.0005)
    time.sleep(later)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_two_imports_at_once_bring_everything_once(session: Session) -> None:
    """They wait for each other, and the second finds what the first brought."""
    paths = [JOURNALS / name for name in NAMES]
    words = [sys.executable, "-m", "grader.cli.main", "import", "--yes", *map(str, paths)]
    runs = [
        subprocess.Popen(words, cwd=session.workspace.root, stdout=subprocess.DEVNULL)
        for _ in range(3)
    ]
    assert [run.wait(timeout=120) for run in runs] == [0, 0, 0]
    alone = tree(session), kept(session)
    assert not any(bundle.ledger for bundle in brought(session, *paths))
    assert (tree(session), kept(session)) == alone
    assert alone[0]["log/2025-02-03.md"].count(b"Watched a talk") == 1
    assert all(isinstance(row, ImportedItem) for row in alone[1][2].values())


def test_claims_stand_on_the_tracker_as_said(session: Session, tmp_path: Path) -> None:
    """Each with its words, its source and its units; what became done since is done, once."""
    evil = "<script>alert(1)</script> [a](javascript:x) | b"
    journal = tmp_path / "mine.md"
    row = "| " + re.sub(r"([<>|\[])", r"\\\1", evil) + " | done |"
    page = f"| Component | Status |\n|-|-|\n| LoRA | planned |\n{row}\n"
    journal.write_text(page, "utf-8")
    brought(session, journal)
    journal.write_text(page.replace("planned", "✅ Complete"), "utf-8")
    brought(session, journal)
    tracker = build_files(gather(session.workspace))["tracker.md"]
    assert isinstance(tracker, str)
    soup = BeautifulSoup(Markdown(extensions=["tables"]).convert(tracker), "html.parser")
    heading = soup.find("h2", string="Said to be done")
    assert heading is not None
    rows = heading.find_next("table").select("tbody tr")  # type: ignore[union-attr]
    cells = [[" ".join(c.get_text(" ").split()) for c in row.select("td")] for row in rows]
    assert [row[1] for row in cells] == ["✎ said to be done"] * 2
    assert cells[0][0].startswith("LoRA mine.md:3, imported ")
    assert "LoRA ○ not started" in cells[0][2]
    assert cells[1][0].startswith(evil)
    assert soup.find("script") is None
    assert re.search(r"^0 of \d+ exercises passed", tracker, re.MULTILINE)


def test_without_claims_the_tracker_says_nothing_of_them(session: Session) -> None:
    """A learner who brought none sees no empty part."""
    assert "Said to be done" not in str(build_files(gather(session.workspace))["tracker.md"])
