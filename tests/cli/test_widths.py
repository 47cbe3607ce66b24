"""What every command prints at 40 and 80 columns: no word is broken, and nothing is left out."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from grade_command import lay_workspace, run_grade
from terminal import Terminal

from grader.cli.commands.table import COMMANDS
from grader.cli.console import terminal as console

WIDE = 200
RUNS = (
    "list",
    "status",
    "milestone",
    "next",
    "open attention/softmax",
    "hint attention/softmax",
    "skip attention/flash",
    "skip --undo",
    "help attention",
    "help softmax",
    "help nothing_like_it",
    "search kv cache",
    "search nothing_like_it",
    "log",
    "log a line of several words that is long enough to be broken --minutes 5",
    "log --date tomorrow x",
    "read",
    "read --all",
    "read vaswani2017",
    "read --search nothing_like_it",
    "review --list",
    "review nothing_like_it",
    "import journal.md --dry-run",
    "note",
    "notebook attention/softmax --no-open",
    "site",
    "site render",
    "export",
    "fetch",
    "talk hello",
    "update --check",
    "engine status",
    "try",
    "try lora",
    "try loraa",
    "author stubs --check",
    "author quality --nothing",
    "run attention/softmax --seed 20",
    "reset attention/softmax",
    "bpe",
    "nothing_like_it",
    "--stale",
)
"""Each command, and errors; what they print does not depend on the time."""
LEFT_OUT = {"doctor", "tour", "watch", "mcp", "completion", "solution"}
"""What takes long, has a screen of its own, waits for a program's requests, prints a script, or
code: see ``test_solution.py``."""
AS_IT_IS = re.compile(r"\[!\[.*|\d+(?:\.\d+)?,?|(?:second|minute)s?,|[#.]+|\S+-\d{6}\.py")
"""A line to be pasted, a number, the engine's age, a bar, and a file named by the time."""
PROGRAM = """
import sys
from grader.cli.main import main
for line in sys.stdin.readline().split("|"):
    print("$", line.strip())
    try: main(line.split())
    except SystemExit: pass
print("That", "is", "all.")
"""


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with progress, notes, a journal to import and a wrong softmax."""
    root = lay_workspace(tmp_path_factory.mktemp("widths") / "own")
    (root / "journal.md").write_text("# 2025-07-20\n\n- Read about attention\n", "utf-8")
    run_grade(root, "attention/softmax", "--target", "solutions")  # the grader runs from here on
    return root


def copy(laid: Path, folder: Path, columns: int) -> Path:
    """Return a copy of the workspace for one terminal."""
    return Path(shutil.copytree(laid, folder / f"{columns}" / "own", symlinks=True))


def print_at(columns: int, root: Path, runs: tuple[str, ...]) -> str:
    """Return what the commands print in a terminal of so many columns, line by line."""
    wrong = re.sub(
        r"shifted = .*",
        "shifted = scores",
        (root / "solutions" / "attention" / "softmax.py").read_text("utf-8"),
    )
    (root / "exercises" / "attention" / "softmax.py").write_text(wrong, "utf-8")
    program = root / "runs.py"
    program.write_text(PROGRAM.replace("sys.stdin.readline()", repr("|".join(runs))), "utf-8")
    more = {"TERM": "dumb", "VISUAL": "true", "GROUNDWORK_CACHE": str(root / "cache")}
    shown = Terminal([sys.executable, str(program)], root, columns, 40, **more)
    try:
        assert shown.ended(240) == 0
        return shown.raw.decode().replace("\r\n", "\n")
    finally:
        shown.close()


def list_words(text: str) -> set[str]:
    """List the words of a text that do not depend on the time."""
    return {word for word in text.split() if not AS_IT_IS.fullmatch(word)}


def list_wide_lines(text: str, columns: int) -> list[str]:
    """List the lines of several words that the terminal had to break itself."""
    lines = [line for line in re.split(r"[\r\n]", text) if not line.startswith("$ ")]
    wide = [line for line in lines if len(line) > columns and " " in line.strip()]
    return [line for line in wide if not AS_IT_IS.match(line)]


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 80])
def test_no_word_is_broken_or_left_out(laid: Path, tmp_path: Path, columns: int) -> None:
    """Each word that is printed at 200 columns is there at 40 and at 80; no line is wider."""
    wide, narrow = (print_at(width, copy(laid, tmp_path, width), RUNS) for width in (WIDE, columns))
    assert "That is all." in narrow
    missing = {word for word in list_words(wide) - list_words(narrow) if len(word) <= columns}
    missing = {word for word in missing if f"/{WIDE}/" not in word}
    assert missing == set()
    assert list_wide_lines(narrow, columns) == []


@pytest.mark.slow
def test_no_word_of_any_help_is_broken(laid: Path, tmp_path: Path) -> None:
    """Help of every command at 40 columns has the words that it has at 200."""
    groups = ("site build", "site render", "site serve", "engine stop", "author check")
    runs = tuple(f"{name} --help" for name in ("", *COMMANDS, *groups))
    wide, narrow = (print_at(width, copy(laid, tmp_path, width), runs) for width in (WIDE, 40))
    assert {word for word in list_words(wide) - list_words(narrow) if len(word) <= 38} == set()
    assert list_wide_lines(narrow, 40) == []


def test_every_command_is_run_at_each_width() -> None:
    """A new command is added to the list above, or named with the reason why not."""
    run = {line.split()[0] for line in RUNS}
    assert set(COMMANDS) - run == LEFT_OUT


def test_one_of_anything_is_named_in_the_singular() -> None:
    """``1 day`` and ``2 days``."""
    assert [console.count_noun(n, "day") for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three four", ["one two three", "four"]),
        ("- one two three four", ["- one two three", "  four"]),
        ("Open    one two three", ["Open    one two", "        three"]),
        ("    one two three", ["    one two", "    three"]),
        ("Open    a/path.py:10 x", ["Open", "    a/path.py:10", "        x"]),
        ("a_word_that_is_too_long_for_it x", ["a_word_that_is_too_long_for_it", "x"]),
        ("\x1b[1mone two three\x1b[0m four", ["\x1b[1mone two three\x1b[0m", "four"]),
        ("字字字字 字字字字", ["字字字字", "字字字字"]),
    ],
)
def test_a_line_goes_on_below_its_text(text: str, lines: list[str]) -> None:
    """Words stay whole; a long one moves to the left; colours take no columns."""
    with console.set_columns(16):
        assert console.fold(text).split("\n") == lines


def test_an_entry_is_beside_its_name_or_below_it() -> None:
    """Over a pipe it is one line; on a screen it is broken between words."""
    entry = ("[ ]", "a/name", 8, "A title of several words that is long", "after x")
    with console.set_columns(58):
        assert console.format_entry(*entry).split("\n") == [
            "[ ] a/name    A title of several words that is long  after",
            "              x",
        ]
    with console.set_columns(30):
        assert console.format_entry(*entry).split("\n") == [
            "[ ] a/name",
            "    A title of several words",
            "    that is long  after x",
        ]
