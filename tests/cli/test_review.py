"""``grade review``, as a learner meets it: a real terminal, real pipes, real kills, a real site."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from grade_command import lay_clone
from terminal import Terminal

from grader import site
from grader.base.paths import Workspace
from grader.grading.outcome import Attempt
from grader.learner.model import CardSchedule
from grader.learner.notes.card_reader import read_cards
from grader.learner.records import Records, tables
from grader.services.deck import Deck
from grader.services.session import Session
from grader.site.render import build_files

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SOFTMAX = "attention/softmax"
KEY = f"exercise:{SOFTMAX}"
NOTE = """---
about: attention/softmax
---
# Softmax

> [!question]- Why is the **largest** score subtracted?
> So that `exp` stays small:
>
> - $e^{-m}$ cancels

| Question | Answer |
|---|---|
| What is a logit? | A score before *softmax* |
| What does temperature do? | It divides the logits |
"""
FIRST, SECOND, THIRD = (card.id for card in read_cards(NOTE, "softmax.md"))

Grade = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone as a learner has it, with one note of three cards."""
    root = lay_clone(tmp_path_factory.mktemp("clone") / "groundwork")
    (root / "docs" / "notes").mkdir()
    (root / "docs" / "notes" / "softmax.md").write_text(NOTE, "utf-8")
    return root


@pytest.fixture
def clone(fresh: Path, tmp_path: Path) -> Path:
    """A fresh clone for one test."""
    return Path(shutil.copytree(fresh, tmp_path / "clone"))


@pytest.fixture
def grade(clone: Path) -> Grade:
    """``grade`` in the clone, with what is said to it over a pipe."""

    def grade(*words: str, said: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        return subprocess.run(
            [sys.executable, "-m", "grader.cli.main", *words],
            cwd=clone,
            capture_output=True,
            text=True,
            input=said,
            env={**environment, "COLUMNS": "100", **more},
            timeout=120,
        )

    return grade


@pytest.fixture
def terminal(clone: Path) -> Iterator[Callable[..., Terminal]]:
    """``grade review`` in a terminal of its own."""
    opened: list[Terminal] = []

    def start(*words: str, columns: int = 100, **more: str) -> Terminal:
        command = [sys.executable, "-m", "grader.cli.main", "review", *words]
        opened.append(Terminal(command, clone, columns=columns, **more))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def kept(clone: Path) -> dict[str, CardSchedule]:
    """The schedules on disk."""
    return tables.open_cards(clone / "progress").read_all()


def put(clone: Path, key: str, due_in: int, **more: object) -> CardSchedule:
    """Put a schedule on disk that is due so many days from now."""
    now = datetime.now(UTC)
    due = (now + timedelta(due_in)).isoformat(timespec="seconds")
    last = (now - timedelta(20)).isoformat(timespec="seconds")
    recall = replace(CardSchedule(due, last, "review", 10.0, 5.0, None, 3), **more)  # type: ignore[arg-type]
    tables.open_cards(clone / "progress").put({key: recall})
    return recall


# In a terminal


def test_a_card_is_asked_answered_and_kept_at_once(
    clone: Path, terminal: Callable[..., Terminal]
) -> None:
    """Enter shows the answer, a key grades it, the file has it before the next is asked."""
    screen = terminal()
    asked = screen.until("Enter shows the answer")
    assert "softmax.md:6" in asked and "Why is the largest score subtracted?" in asked
    assert "3 left" in asked and "exp" not in asked
    screen.type("3")  # no key of this question
    screen.type("\r")
    shown = screen.until("4 easy: in 8 days")
    assert "So that `exp` stays small:" in shown and "- $e^{-m}$ cancels" in shown
    screen.type("z\r3")
    screen.until("What is a logit?")
    assert [*kept(clone)] == [FIRST]
    assert kept(clone)[FIRST].reviews == 1
    screen.type("\ra")
    screen.until("What does temperature do?")
    assert kept(clone)[SECOND].stability < kept(clone)[FIRST].stability
    screen.type("q")
    assert screen.ended() == 0
    assert "2 cards answered" in screen.text() and "1 card left for today" in screen.text()
    (span,) = tables.open_study(clone / "progress").read_all().values()
    assert (span.cards, span.repeats, span.readings) == (2, 0, 0) and span.began <= span.ended
    assert screen.restored()


@pytest.mark.parametrize(
    ("keys", "days"),
    [("1", 1), ("2", 1), ("3", 2), ("4", 8), ("a", 1), ("h", 1), ("G", 2), ("e", 8)],
)
def test_each_key_is_the_answer_that_it_says(grade: Grade, keys: str, days: int) -> None:
    """Numbers and letters, large or small, lead to the day that was shown."""
    wait = "tomorrow" if days == 1 else f"in {days} days"
    assert f": asked again {wait}" in grade("review", said=f"\n{keys}\nq\n").stdout


def test_a_skipped_card_is_left_as_it_was(clone: Path, grade: Grade) -> None:
    """Before or after its answer was shown, nothing is written of it."""
    done = grade("review", said="s\n\ns\n\ng\n")
    assert [*kept(clone)] == [THIRD]
    assert "1 card answered." in done.stdout and "2 cards left for today" in done.stdout


def test_a_narrow_terminal_without_colour_is_enough(terminal: Callable[..., Terminal]) -> None:
    """At 30 columns every line fits, the answers stand one below the other, no escape is sent."""
    screen = terminal(columns=30, NO_COLOR="1")
    screen.until("Enter shows")
    screen.type("\r")
    screen.until("4 easy: in 8 days")
    screen.type("q")
    assert screen.ended() == 0
    lines = screen.raw.decode().replace("\r", "").split("\n")
    assert b"\x1b" not in screen.raw
    assert [line for line in lines if line.startswith(("1 again", "4 easy"))] == [
        "1 again: tomorrow",
        "4 easy: in 8 days",
    ]
    assert max(map(len, lines)) <= 30


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_an_interrupt_ends_the_sitting_and_keeps_what_was_answered(
    clone: Path, terminal: Callable[..., Terminal], key: str
) -> None:
    """Ctrl-C and Ctrl-D leave a terminal as it was, and no traceback."""
    screen = terminal()
    screen.until("Enter shows")
    screen.type("\r")
    screen.until("4 easy")
    screen.type("g")
    screen.until("What is a logit?")
    screen.type(key)
    assert screen.ended() == (130 if key == "\x03" else 0)
    assert "Traceback" not in screen.text()
    assert screen.restored()
    assert [*kept(clone)] == [FIRST]


def test_a_kill_loses_nothing_that_was_answered(
    clone: Path, grade: Grade, terminal: Callable[..., Terminal]
) -> None:
    """After kill -9 between two questions the next review goes on with the second."""
    screen = terminal()
    screen.until("Enter shows")
    screen.type("\r")
    screen.until("4 easy")
    screen.type("4")
    screen.until("What is a logit?")
    screen.program.kill()
    screen.ended()
    after = grade("review", said="q\n").stdout
    assert "What is a logit?" in after and "largest" not in after
    assert kept(clone)[FIRST].reviews == 1


def test_two_windows_at_once_answer_each_card_once(
    clone: Path, terminal: Callable[..., Terminal]
) -> None:
    """The first answer stands, the second window says so, and then asks what is left."""
    one, two = terminal(), terminal()
    for screen in (one, two):
        screen.until("Enter shows")
        screen.type("\r")
        screen.until("4 easy")
    one.type("g")
    one.until("What is a logit?")
    first = kept(clone)[FIRST]
    one.type("\rg")
    one.until("What does temperature do?")
    two.type("a")
    two.until("that answer counts")
    two.until("What does temperature do?")
    assert kept(clone)[FIRST] == first
    assert sorted(kept(clone)) == sorted([FIRST, SECOND])


def test_nothing_in_a_note_steers_the_terminal(
    clone: Path, terminal: Callable[..., Terminal]
) -> None:
    """Escape sequences in a question, an answer and a file's name are shown or gone, not obeyed."""
    evil = "> [!question]- red \x1b[31m \x1b]0;title\x07?\n> clear \x1b[2J \u202e back\n"
    (clone / "docs" / "notes" / "a\x1b[2J.md").write_text(evil, "utf-8")
    screen = terminal(NO_COLOR="1")
    screen.until("Enter shows")
    screen.type("\r")
    screen.until("4 easy")
    screen.type("q")
    assert screen.ended() == 0
    assert b"\x1b" not in screen.raw and b"\x07" not in screen.raw
    assert "\u202e".encode() not in screen.raw


# Over a pipe, and what it lists


def test_over_a_pipe_answers_are_lines_and_the_end_of_them_ends_it(
    clone: Path, grade: Grade
) -> None:
    """A line that means nothing is named, and the question stays."""
    done = grade("review", said="what\n\n7\ng\n\n")
    assert done.returncode == 0 and done.stderr == ""
    assert "unknown key 'what'; the keys are Enter, s, q" in done.stdout
    assert "unknown key '7'; the keys are 1, 2, 3, 4, a, h, g, e, s, q" in done.stdout
    assert "\x1b" not in done.stdout
    assert [*kept(clone)] == [FIRST]


def test_an_empty_pile_says_when_the_next_card_comes(clone: Path, grade: Grade) -> None:
    """With all answered, the day of the next; with none at all, how to make some."""
    done = grade("review", said="\n4\n\n3\n\n4\n").stdout
    assert "3 cards answered." in done
    assert re.search(r"Nothing more is due today\. The next comes in 2 days, \w+day, \d", done)
    assert "The next comes in 2 days" in grade("review").stdout
    (clone / "docs" / "notes" / "softmax.md").unlink()
    without = grade("review")
    assert "There are no cards yet." in without.stdout and "> [!question]-" in without.stdout
    assert without.returncode == 0


def test_new_cards_have_a_limit_a_day_and_it_is_said(clone: Path, grade: Grade) -> None:
    """The setting counts what was begun today, and what waits is named."""
    (clone / "progress").mkdir()
    (clone / "progress" / "settings.toml").write_text("new_cards = 1\n")
    done = grade("review", said="\ng\n\ng\n").stdout
    assert "1 card answered." in done and "2 more new cards: 1 a day" in done
    assert "2 more new cards" in grade("review").stdout
    put(clone, SECOND, -1)
    assert "What is a logit?" in grade("review", said="q\n").stdout
    (clone / "progress" / "settings.toml").write_text("new_cards = -1\n")
    wrong = grade("review", said="q\n")
    assert "settings.toml:1: new_cards is -1; expected a whole number" in wrong.stderr
    assert "Until it is fixed, the default is used." in wrong.stderr and wrong.returncode == 0


def test_the_list_and_json_show_what_is_due_when(clone: Path, grade: Grade) -> None:
    """Every card with its state and day; the JSON is one object of the documented form."""
    put(clone, SECOND, -2)
    put(clone, THIRD, 5)
    lines = grade("review", "--list").stdout.splitlines()
    assert lines[0].startswith("[!] today") and "What is a logit?" in lines[0]
    assert lines[1].startswith("[x] in 5 days")
    assert lines[2].startswith("[ ] new") and "softmax.md:6" in lines[2]
    assert "1 card due, 1 new today" in lines[4]
    done = json.loads(grade("review", "--json").stdout)
    assert (done["due"], done["new"], len(done["cards"]), done["exercises"]) == (1, 1, 3, [])
    card = done["cards"][1]
    assert card["id"] == SECOND and card["about"] == [SOFTMAX] and card["state"] == "due"
    assert card["note"] == "softmax.md" and card["line"] == 13 and card["reviews"] == 3
    assert 0 < card["retention"] < 1
    assert done["cards"][0]["due"] is None
    assert len(kept(clone)) == 2


def test_an_edited_answer_and_a_moved_note_keep_the_schedule(clone: Path, grade: Grade) -> None:
    """Only another question is another card, and one that comes back has its schedule again."""
    folder = clone / "docs" / "notes"
    grade("review", said="\n4\nq\n")
    before = kept(clone)
    (folder / "deep").mkdir()
    moved = (folder / "softmax.md").rename(folder / "deep" / "other.md")
    moved.write_text(NOTE.replace("So that `exp` stays small", "Otherwise it is infinite"))
    done = grade("review", said="q\n").stdout
    assert "What is a logit?" in done and "deep/other.md" in done
    moved.write_text(NOTE.replace("**largest**", "smallest"))
    assert "smallest" in grade("review", said="q\n").stdout
    moved.write_text(NOTE)
    assert "largest" not in grade("review", said="q\n").stdout
    assert kept(clone) == before


def test_a_name_limits_what_is_asked(clone: Path, grade: Grade) -> None:
    """A note by its place, name or path, a folder, an exercise, a unit; another is refused."""
    folder = clone / "docs" / "notes" / "deep"
    folder.mkdir()
    (folder / "b.md").write_text("> [!question]- Elsewhere?\n> yes\n")
    for name in ("softmax.md", "docs/notes/softmax.md", "softmax", SOFTMAX, "attention"):
        done = grade("review", name, "--list").stdout
        assert "logit" in done and "Elsewhere" not in done
    for name in ("deep/b.md", "deep", "docs/notes/deep/"):
        done = grade("review", name, "--list").stdout
        assert "Elsewhere" in done and "logit" not in done
    unknown = grade("review", "sofmax.md")
    assert unknown.returncode == 2 and "did you mean" in unknown.stderr
    assert grade("review", "blocks").returncode == 0  # a unit without cards


def test_what_the_notes_lack_is_no_longer_due(clone: Path, grade: Grade) -> None:
    """Status counts due cards from the records, once the notes were read without those gone."""
    put(clone, FIRST, -1)
    put(clone, "0" * 16, -1)
    assert "2 cards are due: grade review" in grade("status").stdout
    assert "1 card due" in grade("review", "--list").stdout
    assert "1 card is due: grade review" in grade("status").stdout
    assert grade().stdout.splitlines()[-1] == "1 card is due: grade review"


def test_status_and_next_load_neither_fsrs_nor_the_notes(clone: Path) -> None:
    """The line on what is due costs no parser and no scheduler."""
    put(clone, FIRST, -1)
    program = (
        "import sys\nfrom grader.__main__ import main\nsys.argv[1:] = [sys.argv[1]]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'fsrs', 'markdown_it', 'nh3', 'torch', 'mkdocs'} & set(sys.modules)))"
    )
    for command in ("status", "next"):
        done = subprocess.run(
            [sys.executable, "-c", program, command], cwd=clone, capture_output=True, text=True
        )
        assert "1 card is due" in done.stdout and done.stdout.endswith("[]\n"), done.stderr


def test_the_anki_file_is_never_written_over_unasked(clone: Path, grade: Grade) -> None:
    """A second export needs --force, a folder is refused, and no schedule changes."""
    done = grade("review", "--anki", "cards.txt")
    assert "3 cards written to cards.txt" in done.stdout
    text = (clone / "cards.txt").read_text("utf-8")
    assert text.count('"groundwork-') == 3 and "attention::softmax" in text
    (clone / "cards.txt").write_text("mine")
    assert grade("review", "--anki", "cards.txt").returncode == 2
    assert (clone / "cards.txt").read_text() == "mine"
    assert grade("review", "--anki", "cards.txt", "--force").returncode == 0
    assert (clone / "cards.txt").read_text("utf-8") == text
    assert grade("review", "--anki", "docs", "--force").returncode == 2
    assert not (clone / "progress" / "cards.json").exists()


# An exercise solved again


def passed(clone: Path, days_ago: int = 40) -> None:
    """Record a pass of softmax, so many days ago, and put the learner's own file in place."""
    at = datetime.now(UTC) - timedelta(days_ago)
    session = Session.open(Workspace(clone))
    text = (clone / "solutions" / f"{SOFTMAX}.py").read_text("utf-8") + "\n# mine\n"
    (clone / "exercises" / f"{SOFTMAX}.py").write_text(text, "utf-8")
    hashed = session.hash_checks(session.course.find_exercise(SOFTMAX))
    day = at.date().isoformat()
    moment = at.isoformat(timespec="seconds")
    session.records.record(
        Attempt(SOFTMAX, "passed", {"t": "passed"}, 1, 0.1, "f" * 64, hashed, moment, day)
    )


def copy_of(clone: Path) -> Path:
    """Where softmax is solved again."""
    return clone / "progress" / "again" / f"{SOFTMAX}.py"


def solve(clone: Path, right: bool = True) -> None:
    """Write an answer into the copy."""
    text = (clone / "solutions" / f"{SOFTMAX}.py").read_text("utf-8")
    copy_of(clone).write_text(text if right else re.sub(r"shifted = .*", "shifted = scores", text))


def untouched(clone: Path) -> tuple[bytes, bytes, int]:
    """What solving again must leave alone: the learner's file, the standing, the attempts."""
    own = (clone / "exercises" / f"{SOFTMAX}.py").read_bytes()
    records = Records(clone / "progress")
    return own, (clone / "progress" / "standing.json").read_bytes(), len(records.read_attempts())


SKIP = "s\ns\ns\n"


def test_a_passed_exercise_is_solved_again_in_a_copy(clone: Path, grade: Grade) -> None:
    """An empty stub in a copy, graded by the engine; the learner's own things stay as they are."""
    passed(clone)
    before = untouched(clone)
    assert "1 exercise is due: grade review" in grade("status").stdout
    done = grade("review", SOFTMAX, said=SKIP + "\n").stdout
    assert f"progress/again/{SOFTMAX}.py" in done and f"grade review {SOFTMAX}" in done
    assert copy_of(clone).read_text("utf-8") == Session.open(Workspace(clone)).make_stub(
        Session.open(Workspace(clone)).course.find_exercise(SOFTMAX)
    )
    assert "It is still empty." in grade("review", SOFTMAX, said="\nq\n").stdout
    solve(clone)
    done = grade("review", SOFTMAX, said="\nq\n").stdout
    assert "passed, 15 of 15 checks" in done and f"{SOFTMAX} is due again on " in done
    recall = kept(clone)[KEY]
    assert (recall.reviews, recall.lapses) == (1, 0)
    assert untouched(clone) == before
    assert "due" not in grade("status").stdout.splitlines()[-1]
    assert copy_of(clone).is_file()
    done = grade("review", said=SKIP).stdout
    assert "Solve it again" not in done and "being solved again" not in done


def test_a_failed_copy_says_why_and_makes_the_answer_hard(clone: Path, grade: Grade) -> None:
    """The checks speak as ever; after the mend it comes back sooner than at a first go."""
    passed(clone)
    before = untouched(clone)
    grade("review", SOFTMAX, said=SKIP + "\n")
    solve(clone, right=False)
    done = grade("review", SOFTMAX, said="\nq\n").stdout
    assert (
        "FAIL" in done and "Looks like" in done and f"Fix it, then: grade review {SOFTMAX}" in done
    )
    assert KEY not in kept(clone)
    assert tables.open_repeats(clone / "progress").read_all()[SOFTMAX].failures == 1
    copy_of(clone).write_text("def softmax(:\n")
    assert "cannot be graded" in grade("review", SOFTMAX, said="\nq\n").stdout
    solve(clone)
    grade("review", SOFTMAX, said="\nq\n")
    hard = kept(clone)[KEY]
    assert untouched(clone) == before
    shutil.rmtree(clone / "progress" / "again")
    for name in ("again.json", "cards.json"):
        (clone / "progress" / name).unlink()
    grade("review", SOFTMAX, said=SKIP + "\n")
    solve(clone)
    grade("review", SOFTMAX, said="\nq\n")
    assert kept(clone)[KEY].stability > hard.stability


def test_giving_up_makes_it_due_soon_and_the_old_copy_is_kept(clone: Path, grade: Grade) -> None:
    """Forgotten counts as a lapse; the next empty stub moves what was written aside."""
    passed(clone)
    grade("review", SOFTMAX, said=SKIP + "\n")
    copy_of(clone).write_text("# half a thought\n")
    done = grade("review", SOFTMAX, said="a\nq\n").stdout
    assert f"grade solution {SOFTMAX}" in done
    recall = kept(clone)[KEY]
    assert (recall.lapses, recall.reviews) == (1, 1)
    put(clone, KEY, -1)
    done = grade("review", SOFTMAX, said=SKIP + "\n").stdout
    (aside,) = (clone / "progress" / "aside" / "attention").iterdir()
    assert aside.read_text() == "# half a thought\n"
    assert aside.name in done


def test_a_copy_that_was_settled_is_not_settled_twice(clone: Path, grade: Grade) -> None:
    """Killed between the schedule and the copy's end, the next grading only ends the copy."""
    passed(clone)
    grade("review", SOFTMAX, said=SKIP + "\n")
    solve(clone)
    table = tables.open_repeats(clone / "progress")
    begun = table.read_all()[SOFTMAX]
    grade("review", SOFTMAX, said="\nq\n")
    first = kept(clone)[KEY]
    table.put({SOFTMAX: begun})
    assert "that answer counts" in grade("review", SOFTMAX, said="\nq\n").stdout
    assert kept(clone)[KEY] == first
    assert table.read_all()[SOFTMAX].ended


def test_an_exercise_not_passed_or_not_due_is_not_offered(clone: Path, grade: Grade) -> None:
    """Before four weeks nothing is asked, and the list says when it will be."""
    passed(clone, days_ago=3)
    done = grade("review", SOFTMAX, said=SKIP).stdout
    assert "Solve it again" not in done
    listed = grade("review", SOFTMAX, "--list").stdout
    assert re.search(rf"\[x\] on \d+ \w+ \d{{4}} +solve {SOFTMAX} again", listed)
    assert not (clone / "progress" / "again").exists()


# On the site


def test_the_page_of_cards_shows_the_pile_by_note(clone: Path) -> None:
    """Each question folds its answer, with state and day; links and formulas read as on notes."""
    passed(clone)
    put(clone, SECOND, -2)
    put(clone, THIRD, 5)
    scene = site.gather(Workspace(clone))
    page = build_files(scene)["cards.md"]
    assert isinstance(page, str)
    soup = BeautifulSoup(page, "html.parser")
    boxes = soup.select("details.gw-card")
    states = [box.select_one(".gw-state").get_text() for box in boxes]  # type: ignore[union-attr]
    assert states == ["○ new", "◆ due", "● known"]
    assert "subtracted?" in boxes[0].summary.get_text()  # type: ignore[union-attr]
    assert boxes[0].find("math") and boxes[0].find("li")
    assert " since " in boxes[1].get_text() and "due" in boxes[2].get_text()
    assert "| 3 | 1 | 1 | 0 | 1 |" in page
    assert "## Exercises to solve again" in page and "attention/softmax.md" in page
    assert scene.deck is not None
    objectives = scene.course.find_exercise(SOFTMAX).objectives
    assert scene.deck.count_by_objective(scene.course) == dict.fromkeys(objectives, (1, 3))


def test_many_cards_go_to_pages_of_their_own(clone: Path) -> None:
    """Each page stays below 150 kB, each card is on one of them, and the first leads to all."""
    for number in range(60):
        text = "".join(
            f"> [!question]- Question {number} {n}, why is it so?\n> Because {'so ' * 60}.\n\n"
            for n in range(10)
        )
        (clone / "docs" / "notes" / f"n{number:02}.md").write_text(text)
    files = build_files(site.gather(Workspace(clone)))
    held = {name: text for name, text in files.items() if name.startswith("cards") and str(text)}
    assert len(held) > 3
    texts = {name: str(text) for name, text in held.items()}
    assert max(map(len, texts.values())) < 120_000
    assert sum(text.count("<details") for text in texts.values()) == 603
    first = BeautifulSoup(texts["cards.md"], "html.parser")
    for link in first.select("a[href]"):
        page, _, anchor = str(link["href"]).partition("#")
        assert f'id="{anchor}"' in texts[page.replace(".html", ".md")]


def test_hostile_cards_are_harmless_on_the_page(clone: Path) -> None:
    """Scripts, handlers, script links and Markdown of the page's own are gone or only words."""
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) ```"
    (clone / "docs" / "notes" / "e.md").write_text(
        f"> [!question]- # {evil}\n> {evil}\n> </details></div>\n>\n> - a\n>\n>     code\n"
    )
    page = str(build_files(site.gather(Workspace(clone)))["cards.md"])
    for bad in ("<script", "onerror", 'href="javascript', "```"):
        assert bad not in page
    soup = BeautifulSoup(page, "html.parser")
    (box,) = [b for b in soup.select("details.gw-card") if "code" in b.get_text()]
    assert box.find("summary") is not None and box.find("h1") is None
    assert page.count("<details") == page.count("</details>") == 4


def test_a_relative_link_in_an_answer_leads_to_the_same_page(clone: Path) -> None:
    """On the page of cards as on the note's own, though they lie in different folders."""
    folder = clone / "docs" / "notes" / "deep"
    folder.mkdir()
    link = "> [!question]- Where?\n> [here](../softmax.md) and ![p](p.png)\n"
    (folder / "a.md").write_text(link)
    (folder / "p.png").write_bytes(b"\x89PNG\r\n\x1a\n not a real one")
    files = build_files(site.gather(Workspace(clone)))
    page = BeautifulSoup(str(files["cards.md"]), "html.parser")
    assert page.select_one('details a[href="notes/softmax.html"]')
    assert page.select_one('details img[src="notes/deep/p.png"]')
    assert "notes/deep/p.png" in files


def test_without_cards_the_page_says_how_to_make_some(clone: Path) -> None:
    """It is there from the first day, so that the navigation leads somewhere."""
    (clone / "docs" / "notes" / "softmax.md").unlink()
    page = str(build_files(site.gather(Workspace(clone)))["cards.md"])
    assert "No cards yet" in page and "[!question]-" in page
    assert (
        Deck.read(Session.open(Workspace(clone))).count_by_objective(
            Session.open(Workspace(clone)).course
        )
        == {}
    )
