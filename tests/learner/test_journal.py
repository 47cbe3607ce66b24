"""The daily log keeps every word of the learner's and survives whatever lies in its folder."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from grader.base.errors import NoteError
from grader.learner.entry_text import name_day, strip_controls
from grader.learner.journal import Entry, Journal

DAY = date(2026, 11, 22)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal whose folder does not exist yet."""
    return Journal(tmp_path / "log")


def write(journal: Journal, data: bytes, name: str = "2026-11-22.md") -> Path:
    """A file that the learner made by hand."""
    journal.folder.mkdir(parents=True, exist_ok=True)
    path = journal.folder / name
    path.write_bytes(data)
    return path


def top_items(data: bytes) -> list[str]:
    """The first lines of all items of top-level bullet lists, as Markdown reads the file."""
    tokens = MarkdownIt("commonmark").parse(data.decode("utf-8-sig"))
    opened = [n for n, token in enumerate(tokens) if token.type == "list_item_open"]
    return [tokens[n + 2].content for n in opened if tokens[n].level == 1]


def test_a_first_item_gets_the_day_as_its_heading(journal: Journal) -> None:
    """A new file opens with the day in words."""
    path = journal.add(DAY, "read the BPE paper")
    assert path.name == "2026-11-22.md"
    assert path.read_text() == "# Sunday, 22 November 2026\n\n- read the BPE paper\n"


def test_a_second_item_follows_the_first(journal: Journal) -> None:
    """Items of one day form one list."""
    journal.add(DAY, "one")
    journal.add(DAY, "two")
    assert journal.find_path(DAY).read_text() == "# Sunday, 22 November 2026\n\n- one\n- two\n"


def test_text_of_several_lines_is_one_item(journal: Journal) -> None:
    """Further lines are indented below the first, and blank ones stay blank."""
    journal.add(DAY, "first\n\nsecond\r\nthird\n")
    assert journal.find_path(DAY).read_text().endswith("- first\n\n  second\n  third\n")


@pytest.mark.parametrize(
    "before",
    [
        b"prose without a final newline",
        b"- a\n  - b\n    - c\n",
        b"1. one\n2. two\n",
        b"* star\n",
        b"```python\nx = 1\n",
        b"~~~~\nx\n",
        b"- a\n  ```python\n  x = 1\n",
        b"````md\n```\nx\n```\n",
        b"<div>\nhi",
        b"<!-- for later\n",
        b"> quoted\n",
        b"    indented code\n",
        b"| a | b |\n| - | - |\n| 1 | 2 |\n",
        b"\xef\xbb\xbf# With a byte order mark\n",
        "Größe, 尺寸, 🙂".encode(),
    ],
)
def test_an_item_stands_by_itself_after_anything(journal: Journal, before: bytes) -> None:
    """Whatever the file ends in, its bytes stay and the new item is an item."""
    path = write(journal, before)
    journal.add(DAY, "the new one")
    after = path.read_bytes()
    assert after.startswith(before)
    assert top_items(after)[-1] == "the new one"


def test_windows_line_endings_stay(journal: Journal) -> None:
    """A file with CRLF gets CRLF, and no line with a lone LF."""
    path = write(journal, b"# Day\r\n\r\n- a\r\n")
    journal.add(DAY, "b\nc")
    assert path.read_bytes() == b"# Day\r\n\r\n- a\r\n- b\r\n  c\r\n"


def test_escape_sequences_never_reach_the_file(journal: Journal) -> None:
    """Colours, window titles, bells, turned text and broken bytes are dropped."""
    journal.add(DAY, "a\x1b[31mred\x1b[0m\x1b]0;title\x07\x07 b\x00\u202ec \udcff")
    assert journal.find_path(DAY).read_text().splitlines()[-1] == "- ared bc ?"


def test_plain_keeps_letters_of_every_script() -> None:
    """Tabs, accents, joiners and emoji are no control characters."""
    text = "Größe\t尺寸 नमस्ते 👩‍🔬"
    assert strip_controls(text) == text


def test_nothing_to_say_is_an_error_with_an_example(journal: Journal) -> None:
    """An empty text is refused and no file appears."""
    with pytest.raises(NoteError, match=r"grade log \""):
        journal.add(DAY, " \x1b[0m\n")
    assert not journal.find_path(DAY).exists()


def test_entries_come_newest_first(journal: Journal) -> None:
    """The newest day leads, over months and years."""
    for day in (date(2025, 12, 31), date(2026, 2, 1), date(2026, 1, 31)):
        journal.add(day, "x")
    assert journal.list_days() == [date(2026, 2, 1), date(2026, 1, 31), date(2025, 12, 31)]
    assert [entry.day for entry in journal.read_last(1)] == [date(2026, 2, 1)]


def test_the_days_are_known_by_name_alone(journal: Journal) -> None:
    """Oldest first; a file that cannot be read counts, another name, a day of no month do not."""
    journal.add(date(2026, 2, 1), "x")
    write(journal, b"\xff\xfe", "2025-12-31.md")
    write(journal, b"x", "2026-02-30.md")
    write(journal, b"x", "ideas.md")
    (journal.folder / "2026-11-03.md").mkdir()
    assert journal.list_file_days() == [date(2025, 12, 31), date(2026, 2, 1)]
    assert Journal(journal.folder / "none").list_file_days() == []


def test_read_gives_the_text_without_a_byte_order_mark(journal: Journal) -> None:
    """A day's entry is its file as text; a day without one is None."""
    path = write(journal, b"\xef\xbb\xbf- hello\n")
    assert journal.read(DAY) == Entry(DAY, path, "- hello\n")
    assert journal.read(date(2026, 11, 23)) is None


def test_a_missing_folder_is_an_empty_journal(journal: Journal) -> None:
    """Nothing written yet is no error."""
    assert journal.read_entries() == []
    assert journal.find_problems() == []


def test_odd_files_are_named_and_the_rest_is_read(journal: Journal, tmp_path: Path) -> None:
    """Each file that is no entry is reported with its path and a remedy; the others count."""
    journal.add(DAY, "fine")
    write(journal, b"", "2026-11-01.md")
    write(journal, b"x", "2026-02-30.md")
    write(journal, b"x", "ideas.md")
    write(journal, b"ok\n\xff\xfe", "2026-11-02.md")
    (journal.folder / "2026-11-03.md").mkdir()
    (tmp_path / "secret").write_text("mine")
    (journal.folder / "2026-11-04.md").symlink_to(tmp_path / "secret")
    (journal.folder / "2026-11-05.md").symlink_to("2026-11-05.md")
    os.mkfifo(journal.folder / "2026-11-06.md")
    write(journal, b"junk", ".DS_Store")
    problems = journal.find_problems()
    named = {re.search(r"log/([\w.-]+)", problem)[1] for problem in problems}
    assert named == {
        "2026-11-01.md",
        "2026-02-30.md",
        "ideas.md",
        "2026-11-02.md",
        "2026-11-03.md",
        "2026-11-04.md",
        "2026-11-05.md",
        "2026-11-06.md",
    }
    assert any("2026-11-02.md:2: not UTF-8" in problem for problem in problems)
    assert journal.list_days() == [DAY]


@pytest.mark.parametrize("kind", ["bytes", "folder", "link"])
def test_adding_to_an_odd_file_changes_nothing(journal: Journal, tmp_path: Path, kind: str) -> None:
    """A day's file that cannot be read is refused with its path and left as it is."""
    path = journal.find_path(DAY)
    secret = tmp_path / "secret"
    secret.write_text("mine")
    if kind == "bytes":
        write(journal, b"\xff\xfe")
    elif kind == "folder":
        path.mkdir(parents=True)
    else:
        journal.folder.mkdir()
        path.symlink_to(secret)
    with pytest.raises(NoteError, match=r"2026-11-22\.md"):
        journal.add(DAY, "x")
    assert secret.read_text() == "mine"
    assert kind != "bytes" or path.read_bytes() == b"\xff\xfe"


def test_a_link_within_the_log_stays_a_link(journal: Journal) -> None:
    """Adding through a link inside the folder writes the file it points to."""
    write(journal, b"- a\n", "2026-11-21.md")
    journal.find_path(DAY).symlink_to("2026-11-21.md")
    journal.add(DAY, "b")
    assert journal.find_path(DAY).is_symlink()
    assert (journal.folder / "2026-11-21.md").read_bytes() == b"- a\n- b\n"


def test_a_files_mode_survives(journal: Journal) -> None:
    """A private file stays private after an item is added."""
    path = write(journal, b"- a\n")
    path.chmod(0o600)
    journal.add(DAY, "b")
    assert path.stat().st_mode & 0o777 == 0o600


def test_two_shells_at_once_lose_nothing(journal: Journal) -> None:
    """Four processes that add twenty items each leave eighty."""
    program = (
        "import sys; from datetime import date; from pathlib import Path;"
        "from grader.learner.journal import Journal\n"
        "for n in range(20): Journal(Path(sys.argv[1])).add(date(2026, 11, 22), sys.argv[2]+str(n))"
    )
    shells = [
        subprocess.Popen([sys.executable, "-c", program, str(journal.folder), name])
        for name in "abcd"
    ]
    assert [shell.wait(timeout=60) for shell in shells] == [0, 0, 0, 0]
    items = top_items(journal.find_path(DAY).read_bytes())
    assert sorted(items) == sorted(f"{name}{n}" for name in "abcd" for n in range(20))


def test_the_day_in_words_follows_no_locale() -> None:
    """Day and month are English."""
    assert name_day(date(2026, 3, 1)) == "Sunday, 1 March 2026"


@pytest.mark.parametrize(
    "before", [b"", b"prose", b"- a\n", b"```\nx = 1\n", b"<!-- later\n", b"# T\r\n\r\n- a\r\n"]
)
def test_a_block_is_appended_as_it_is(journal: Journal, before: bytes) -> None:
    """Every byte before it stays, and its nested lists are lists of their own."""
    path = write(journal, before)
    with journal.hold():
        journal.add_block_held(DAY, "1. one\n   1. inner\n2. two\n\n## More\n\nprose\n")
    data = path.read_bytes()
    assert data.startswith(before)
    text = data.decode().replace("\r\n", "\n")
    assert text.endswith("\n\n1. one\n   1. inner\n2. two\n\n## More\n\nprose\n")
    tokens = [token.type for token in MarkdownIt("commonmark").parse(text)]
    assert tokens.count("ordered_list_open") == 2
    assert "heading_open" in tokens


def test_an_error_of_whoever_holds_the_log_stays_what_it_is(journal: Journal) -> None:
    """Only an error of the log's own folder is one about the log."""
    with pytest.raises(FileNotFoundError, match="elsewhere"), journal.hold():
        raise FileNotFoundError("elsewhere")
    with pytest.raises(NoteError), Journal(journal.folder / ".lock").hold():
        pass


def git(folder: Path, *words: str) -> None:
    """Git, as someone who has no settings."""
    who = ("-c", "user.name=me", "-c", "user.email=me@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(
        ["git", *who, *words], cwd=folder, check=words[0] != "merge", stdout=-3, stderr=-3
    )


def test_nothing_is_added_below_a_conflict(journal: Journal) -> None:
    """A merge of two clones that logged on one day is settled first; then the line is added."""
    path = write(journal, b"# Sunday\n\n- begun\n")
    git(journal.folder, "init", "-q", "-b", "one")
    git(journal.folder, "add", path.name)
    git(journal.folder, "commit", "-q", "-m", "begun")
    git(journal.folder, "branch", "two")
    for branch, line in (("one", "- at home\n"), ("two", "- on the laptop\n")):
        git(journal.folder, "checkout", "-q", branch)
        path.write_text(f"# Sunday\n\n- begun\n{line}", "utf-8")
        git(journal.folder, "commit", "-q", "-a", "-m", branch)
    git(journal.folder, "merge", "-q", "one")
    conflict = path.read_bytes()
    assert b"<<<<<<< " in conflict
    with pytest.raises(NoteError, match=r"2026-11-22\.md:4: git's conflict markers"):
        journal.add(DAY, "one more line")
    assert path.read_bytes() == conflict
    path.write_text("# Sunday\n\n- begun\n- at home\n- on the laptop\n", "utf-8")
    journal.add(DAY, "one more line")
    assert path.read_text("utf-8").endswith("- on the laptop\n- one more line\n")


def test_a_heading_underlined_like_a_marker_is_no_conflict(journal: Journal) -> None:
    """Markdown's own lines of equals signs and arrows stay what they are."""
    write(journal, b"Sunday\n=======\n\n>>>>>>> deep\n\n<<<<<<< left\n")
    journal.add(DAY, "a line")


def test_a_day_that_is_too_large_is_said_and_not_read(journal: Journal) -> None:
    """A file beyond the limit is named with what to do; a line that would make one is refused."""
    path = write(journal, b"- x\n" * (300 * 1024))
    for act in (lambda: journal.read(DAY), lambda: journal.add(DAY, "a line")):
        with pytest.raises(NoteError, match=r"1\.2 MiB of text, and 1 MiB is the most\. Split it"):
            act()
    path.unlink()
    with pytest.raises(NoteError, match="Split it"):
        journal.add(DAY, "x" * (1 << 20))
    assert not path.exists()
